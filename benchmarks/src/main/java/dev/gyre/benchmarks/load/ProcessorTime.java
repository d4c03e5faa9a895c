package dev.gyre.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Processor time that a process has used, all its threads together, those that ended included.
 *
 * <p>From {@code /proc/PID/stat} (proc_pid_stat(5)): in steps of {@link #RESOLUTION_NANOS}, but the sum of both parts
 * is exact to a step, because the kernel scales the sampled parts to the time it accounted for.
 *
 * @param userNanos in user mode
 * @param kernelNanos in kernel mode, for system calls and for interrupts that hit the process
 */
public record ProcessorTime(long userNanos, long kernelNanos) {
    /** The clock tick that the kernel shows to programs, 10 ms on every architecture that Gyre runs on. */
    public static final long RESOLUTION_NANOS = 10_000_000;

    /** Where utime stands, counted from the field after the command's name; stime is next. */
    private static final int UTIME = 11;

    private static final int IDLE = 4;
    private static final int IOWAIT = 5;
    private static final int STEAL = 8;

    /**
     * The time used by now.
     *
     * @param pid of a process in this PID namespace
     * @return by all its threads
     * @throws IOException if there is no such process
     */
    public static ProcessorTime of(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The name is in parentheses and may hold spaces and parentheses itself.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new ProcessorTime(
                Long.parseLong(fields[UTIME]) * RESOLUTION_NANOS, Long.parseLong(fields[UTIME + 1]) * RESOLUTION_NANOS);
    }

    /**
     * The time that all processors of this machine were not idle by now, for whatever reason, time withheld by a
     * hypervisor included.
     *
     * @throws IOException if {@code /proc/stat} (proc_stat(5)) cannot be read
     */
    static long machineNanos() throws IOException {
        String line;
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            line = lines.findFirst().orElseThrow();
        }
        // "cpu  user nice system idle iowait irq softirq steal guest guest_nice"; guest time is in user and nice, too.
        String[] fields = line.split(" +", -1);
        long ticks = 0;
        for (int i = 1; i <= STEAL; i++) {
            ticks += i == IDLE || i == IOWAIT ? 0 : Long.parseLong(fields[i]);
        }
        return ticks * RESOLUTION_NANOS;
    }

    /**
     * What was used after an earlier reading.
     *
     * @param earlier of the same process
     * @return the difference
     */
    public ProcessorTime since(ProcessorTime earlier) {
        return new ProcessorTime(userNanos - earlier.userNanos, kernelNanos - earlier.kernelNanos);
    }

    /**
     * Both parts together.
     *
     * @return nanoseconds
     */
    public long totalNanos() {
        return userNanos + kernelNanos;
    }
}
