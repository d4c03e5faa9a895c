package dev.gyre.linux;

import dev.gyre.linux.layout.Timespec;
import java.lang.foreign.MemorySegment;

/** The kernel's clocks: clock_gettime(2). Any thread may call; nothing blocks. */
public final class Clocks {
    /** The time of day, since 1970: jumps when it is set. */
    public static final int CLOCK_REALTIME = 0;
    /** Since the machine started, without the time it was suspended: never jumps. */
    public static final int CLOCK_MONOTONIC = 1;
    /** Processor time of the process. */
    public static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    /** Processor time of the thread; in a virtual thread, that of its carrier. */
    public static final int CLOCK_THREAD_CPUTIME_ID = 3;
    /** As CLOCK_MONOTONIC, and its speed is not corrected either. */
    public static final int CLOCK_MONOTONIC_RAW = 4;
    /** Since the machine started, with the time it was suspended: never jumps. */
    public static final int CLOCK_BOOTTIME = 7;

    // Not by number: the library asks most clocks without entering the kernel, vdso(7).
    private static final MemorySegment clockGettime = Libc.address("clock_gettime");

    private Clocks() {}

    /**
     * The clock that counts the processor time of one thread of this process: pthread_getcpuclockid(3).
     *
     * @param thread the kernel's number of it, from {@link Processes#gettid}
     * @return for {@link #gettime}, which answers negated EINVAL when the thread is no more
     */
    public static int threadClock(int thread) {
        // Three bits say of what the clock is (4: of a thread) and what it counts (2: what the scheduler does).
        return ~thread << 3 | 4 | 2;
    }

    /**
     * What a clock says: clock_gettime(2).
     *
     * @param clock {@code CLOCK_*}
     * @return nanoseconds, 0 or more; or negated EINVAL (no such clock)
     */
    public static long gettime(int clock) {
        MemorySegment timespec = SegmentPool.ARGUMENTS.borrow();
        try {
            int result = Libc.callInt(
                    clockGettime, clock, timespec.address(), 0, 0, timespec, MemorySegment.NULL);
            return result == 0 ? Timespec.get(timespec) : result;
        } finally {
            SegmentPool.ARGUMENTS.giveBack(timespec);
        }
    }
}
