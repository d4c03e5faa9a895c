package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct statx_timestamp}, a point in time. Constants are offsets in bytes. Source: statx(2).
 */
public final class StatxTimestamp {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u64("tv_sec"), u32("tv_nsec"), padding(4)).withName("statx_timestamp");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** Seconds since 1970, negative before, 64 bits. */
    public static final long TV_SEC = offset(LAYOUT, "tv_sec");
    /** Nanoseconds after that second, 32 bits. */
    public static final long TV_NSEC = offset(LAYOUT, "tv_nsec");

    private StatxTimestamp() {}
}
