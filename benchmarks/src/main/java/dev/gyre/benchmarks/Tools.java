package dev.gyre.benchmarks;

import dev.gyre.ring.Loop;
import dev.gyre.ring.RingException;
import dev.gyre.ring.RingOptions;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What the harness and its contenders need of the system. */
final class Tools {
    private Tools() {}

    /**
     * A program on the PATH (or in an sbin directory, which an ordinary user's PATH lacks).
     *
     * @return empty if there is none
     */
    static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator, -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Makes sure that io_uring can be used.
     *
     * @throws Unavailable saying who refuses it
     */
    static void requireIoUring() throws Unavailable {
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            loop.tick();
        } catch (RingException e) {
            throw new Unavailable("no io_uring: " + e.getMessage());
        }
    }

    /**
     * A program that a contender needs.
     *
     * @param packageName what to install for it
     * @throws Unavailable if it is missing
     */
    static Path require(String name, String packageName) throws Unavailable {
        return find(name)
                .orElseThrow(() -> new Unavailable("no " + name + " on the PATH; install the package " + packageName));
    }
}
