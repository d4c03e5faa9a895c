package dev.gyre.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Memory of a process, from {@code /proc/PID/smaps_rollup} (proc_pid_smaps(5)).
 *
 * @param residentBytes what it has in memory
 * @param proportionalBytes the same with shared pages divided by the number of processes that share them
 */
public record Memory(long residentBytes, long proportionalBytes) {
    /**
     * The memory that a process has now.
     *
     * @param pid of the process
     * @return the memory
     * @throws IOException if there is no such process, or it is somebody else's
     */
    public static Memory of(long pid) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup"));
        return new Memory(bytes(lines, "Rss:"), bytes(lines, "Pss:"));
    }

    private static long bytes(List<String> lines, String field) throws IOException {
        for (String line : lines) {
            if (line.startsWith(field)) {
                String kibibytes = line.substring(field.length()).strip().split(" ", -1)[0];
                return Long.parseLong(kibibytes) << 10;
            }
        }
        throw new IOException("smaps_rollup has no line " + field);
    }
}
