package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u64;

import dev.gyre.linux.Assert;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct timeval}, a duration or a point in time. Constants are offsets in bytes. Source: timeval(3type).
 */
public final class Timeval {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u64("tv_sec"), u64("tv_usec")).withName("timeval");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** Whole seconds, 64 bits. */
    public static final long TV_SEC = offset(LAYOUT, "tv_sec");
    /** Microseconds within the second, 0 to 999,999, 64 bits. */
    public static final long TV_USEC = offset(LAYOUT, "tv_usec");

    private Timeval() {}

    /**
     * Writes a duration.
     *
     * @param to where to; {@link #SIZE} bytes
     * @param nanoseconds 0 or more
     */
    public static void set(MemorySegment to, long nanoseconds) {
        Assert.that(nanoseconds >= 0, "a timeval for a system call is not negative", nanoseconds);
        to.set(ValueLayout.JAVA_LONG, TV_SEC, nanoseconds / 1_000_000_000);
        to.set(ValueLayout.JAVA_LONG, TV_USEC, nanoseconds % 1_000_000_000 / 1000);
    }
}
