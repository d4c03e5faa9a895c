package dev.gyre.io.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small file system in memory, on a folder, until it is closed. */
record Mounts(Path folder) implements AutoCloseable {
    /**
     * Mounts one.
     *
     * @param folder an empty one
     * @param options as mount(8) has them for a tmpfs
     */
    static Mounts tmpfs(Path folder, String options) throws IOException {
        String failure = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
        if (!failure.isEmpty()) {
            throw Skip.because("mount -t tmpfs", failure);
        }
        return new Mounts(folder);
    }

    /** Lets nobody write to it any more. */
    void makeReadOnly() throws IOException {
        require(run("mount", "-o", "remount,ro", folder.toString()));
    }

    @Override
    public void close() throws IOException {
        require(run("umount", folder.toString()));
    }

    private static void require(String failure) {
        if (!failure.isEmpty()) {
            throw new AssertionError(failure);
        }
    }

    /** Empty if it went well, otherwise what it said. */
    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.onExit().join().exitValue() == 0 ? "" : command[0] + ": " + said;
    }
}
