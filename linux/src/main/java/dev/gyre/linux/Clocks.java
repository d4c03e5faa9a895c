package dev.gyre.linux;

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
