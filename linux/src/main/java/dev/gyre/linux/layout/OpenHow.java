package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct open_how}, how openat2(2) opens a file. Constants are offsets in bytes. From kernel 5.6. Source:
 * open_how(2type).
 */
public final class OpenHow {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u64("flags"), u64("mode"), u64("resolve")).withName("open_how");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** {@code O_*}, 64 bits. */
    public static final long FLAGS = offset(LAYOUT, "flags");
    /** Permissions of a new file, 64 bits; 0 if no file can be made. */
    public static final long MODE = offset(LAYOUT, "mode");
    /** {@code RESOLVE_*}, 64 bits. */
    public static final long RESOLVE = offset(LAYOUT, "resolve");

    private OpenHow() {}

    /**
     * Writes all of it.
     *
     * @param to where to; {@link #SIZE} bytes
     * @param flags {@code O_*}
     * @param mode permissions of a new file; 0 if no file can be made
     * @param resolve {@code RESOLVE_*}
     */
    public static void set(MemorySegment to, int flags, int mode, int resolve) {
        to.set(ValueLayout.JAVA_LONG, FLAGS, Integer.toUnsignedLong(flags));
        to.set(ValueLayout.JAVA_LONG, MODE, Integer.toUnsignedLong(mode));
        to.set(ValueLayout.JAVA_LONG, RESOLVE, Integer.toUnsignedLong(resolve));
    }
}
