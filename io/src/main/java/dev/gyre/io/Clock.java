package dev.gyre.io;

/** The clocks that a program can ask for the time, and sleep by. */
public enum Clock {
    /** Wall-clock time since 1970-01-01T00:00Z. It jumps when somebody sets it. {@code CLOCK_REALTIME}. */
    REAL,
    /** Time that only goes forward and stands still while the machine is suspended. {@code CLOCK_MONOTONIC}. */
    AWAKE,
    /** Time that only goes forward, suspended or not. {@code CLOCK_BOOTTIME}. */
    BOOT,
    /** Processor time of this process, all threads together. Cannot be slept by. {@code CLOCK_PROCESS_CPUTIME_ID}. */
    PROCESS_CPU,
    /** Processor time of the thread that runs the caller. Cannot be slept by. {@code CLOCK_THREAD_CPUTIME_ID}. */
    THREAD_CPU
}
