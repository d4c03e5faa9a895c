package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u64;

import dev.gyre.linux.Assert;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct timespec}, a duration or a point in time. Constants are offsets in bytes. Source: timespec(3type).
 */
public final class Timespec {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u64("tv_sec"), u64("tv_nsec")).withName("timespec");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** Whole seconds, 64 bits. */
    public static final long TV_SEC = offset(LAYOUT, "tv_sec");
    /** Nanoseconds within the second, 0 to 999,999,999, 64 bits. */
    public static final long TV_NSEC = offset(LAYOUT, "tv_nsec");

    private Timespec() {}

    /**
     * Writes a duration or a point in time.
     *
     * @param to where to; {@link #SIZE} bytes
     * @param nanoseconds 0 or more
     */
    public static void set(MemorySegment to, long nanoseconds) {
        Assert.that(nanoseconds >= 0, "a timespec for a system call is not negative", nanoseconds);
        to.set(ValueLayout.JAVA_LONG, TV_SEC, nanoseconds / 1_000_000_000);
        to.set(ValueLayout.JAVA_LONG, TV_NSEC, nanoseconds % 1_000_000_000);
    }

    /**
     * Reads a duration or a point in time.
     *
     * @param from where from; {@link #SIZE} bytes
     * @return nanoseconds; those of the years 1677 to 2262 fit
     */
    public static long get(MemorySegment from) {
        return from.get(ValueLayout.JAVA_LONG, TV_SEC) * 1_000_000_000 + from.get(ValueLayout.JAVA_LONG, TV_NSEC);
    }
}
