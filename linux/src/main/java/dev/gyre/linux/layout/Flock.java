package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.u16;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct flock}, a lock on a part of a file. Constants are offsets in bytes. Source: fcntl_locking(2).
 */
public final class Flock {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            u16("l_type"), u16("l_whence"), padding(4), u64("l_start"), u64("l_len"), u32("l_pid"), padding(4))
            .withName("flock");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** {@code F_RDLCK}, {@code F_WRLCK} or {@code F_UNLCK}, 16 bits. */
    public static final long L_TYPE = offset(LAYOUT, "l_type");
    /** Where the start counts from, 16 bits: {@code SEEK_*}. */
    public static final long L_WHENCE = offset(LAYOUT, "l_whence");
    /** The first byte, 64 bits. */
    public static final long L_START = offset(LAYOUT, "l_start");
    /** How many bytes, 64 bits; 0 for all, however long the file gets. */
    public static final long L_LEN = offset(LAYOUT, "l_len");
    /** Who holds a lock that is in the way, 32 bits; 0 for locks of an open file. */
    public static final long L_PID = offset(LAYOUT, "l_pid");

    private Flock() {}

    /**
     * Writes a lock of a whole file.
     *
     * @param to where to; {@link #SIZE} bytes of zeros
     * @param type {@code F_RDLCK}, {@code F_WRLCK} or {@code F_UNLCK}
     */
    public static void setWhole(MemorySegment to, int type) {
        to.set(ValueLayout.JAVA_SHORT, L_TYPE, (short) type);
    }
}
