package dev.gyre.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What tests of loops share. */
final class Loops {
    private Loops() {}

    /** Turns until {@code done}, and fails if that takes longer than anything here should. */
    static void runUntil(Loop loop, BooleanSupplier done) throws RingException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the loop still has something to wait for").isLessThan(end);
            loop.turn(100_000_000);
        }
    }

    /** The open descriptors, and how many rings are mapped. */
    static Set<String> resources() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            found.addAll(descriptors.map(Loops::target).filter(name -> name.contains("io_uring")
                    || name.contains("eventfd")).collect(Collectors.toList()));
        }
        found.add("mappings: " + Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("io_uring")).count());
        return found;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor) + " at " + descriptor.getFileName();
        } catch (IOException gone) {
            return "";
        }
    }
}
