package dev.gyre.io.conformance;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out whether a thread waits: parked, or in a system call. */
final class Blocked {
    private static final Path TASKS = Path.of("/proc/self/task");

    /** What Linux keeps of a thread's name. */
    private static final int NAME_MAX = 15;

    /** Seen so often in a row: a thread also stands still for a moment when it takes a lock, or loads a class. */
    private static final int SIGHTINGS = 3;

    private Blocked() {}

    /** Returns when {@code thread} waits for something that does not come by itself. */
    static void await(Thread thread) {
        if (!awaitOrEnd(thread)) {
            throw new AssertionError(thread + " has ended instead of blocking");
        }
    }

    /** Returns when {@code thread} waits for something that does not come by itself, or has ended. Whether it waits. */
    static boolean awaitOrEnd(Thread thread) {
        int[] seen = {0};
        Eventually.await(thread + " blocks or ends", () -> {
            seen[0] = isBlocked(thread) ? seen[0] + 1 : 0;
            return seen[0] == SIGHTINGS || !thread.isAlive();
        });
        return seen[0] == SIGHTINGS;
    }

    private static boolean isBlocked(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            case RUNNABLE -> !thread.isVirtual() && sleepsInKernel(thread.getName());
            case NEW, BLOCKED, TERMINATED -> false;
        };
    }

    private static boolean sleepsInKernel(String name) {
        String kept = name.substring(0, Math.min(name.length(), NAME_MAX)).strip();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                if (read(task.resolve("comm")).strip().equals(kept)) {
                    String stat = read(task.resolve("stat"));
                    return stat.startsWith("S", stat.lastIndexOf(')') + 2);
                }
            }
            return false;
        } catch (IOException failed) {
            throw new AssertionError("threads cannot be looked at", failed);
        }
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException ended) {
            return Files.exists(file) ? fail(ended) : "";
        }
    }

    private static String fail(IOException failed) throws IOException {
        throw failed;
    }
}
