package dev.gyre.linux;

import static dev.gyre.linux.Libc.INT;
import static dev.gyre.linux.Libc.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

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

    private static final MethodHandle clockGettime = Libc.trivial("clock_gettime", INT, INT, POINTER);

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
            int result = (int) clockGettime.invokeExact(clock, timespec);
            // The handle does not carry errno; with memory that is there, this is the only error.
            return result == 0 ? Timespec.get(timespec) : -Errno.EINVAL.code();
        } catch (Throwable e) {
            throw Libc.refused(e);
        } finally {
            SegmentPool.ARGUMENTS.giveBack(timespec);
        }
    }
}
