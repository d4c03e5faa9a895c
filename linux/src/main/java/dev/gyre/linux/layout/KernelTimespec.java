package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u64;

import dev.gyre.linux.Assert;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct __kernel_timespec}, a duration or a point in time as io_uring takes it. Constants are offsets in bytes.
 * Source: the kernel's {@code linux/time_types.h}.
 */
public final class KernelTimespec {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u64("tv_sec"), u64("tv_nsec")).withName("__kernel_timespec");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** Whole seconds, 64 bits. */
    public static final long TV_SEC = offset(LAYOUT, "tv_sec");
    /** Nanoseconds within the second, 0 to 999,999,999, 64 bits. */
    public static final long TV_NSEC = offset(LAYOUT, "tv_nsec");

    private KernelTimespec() {}

    /**
     * Writes a duration or a point in time.
     *
     * @param to where to; {@link #SIZE} bytes
     * @param nanoseconds 0 or more
     */
    public static void set(MemorySegment to, long nanoseconds) {
        Assert.that(nanoseconds >= 0, "a kernel timespec is not negative", nanoseconds);
        to.set(ValueLayout.JAVA_LONG, TV_SEC, nanoseconds / 1_000_000_000);
        to.set(ValueLayout.JAVA_LONG, TV_NSEC, nanoseconds % 1_000_000_000);
    }
}
