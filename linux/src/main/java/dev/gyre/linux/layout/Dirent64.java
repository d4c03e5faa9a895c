package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.u16;
import static dev.gyre.linux.layout.Layouts.u64;
import static dev.gyre.linux.layout.Layouts.u8;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct dirent64}, an entry of a directory as getdents64(2) lists it. Entries follow each other closely: the
 * next one begins {@link #D_RECLEN} bytes after this one. Constants are offsets in bytes.
 */
public final class Dirent64 {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u64("d_ino"),
                    u64("d_off"),
                    u16("d_reclen"),
                    u8("d_type"),
                    bytes("d_name", 256),
                    padding(5))
            .withName("dirent64");

    /** Bytes in the longest entry. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The inode number, 64 bits. */
    public static final long D_INO = offset(LAYOUT, "d_ino");
    /** Where to seek for what follows it, 64 bits. */
    public static final long D_OFF = offset(LAYOUT, "d_off");
    /** The bytes that this entry takes, 16 bits. */
    public static final long D_RECLEN = offset(LAYOUT, "d_reclen");
    /** {@code DT_*}, 8 bits. */
    public static final long D_TYPE = offset(LAYOUT, "d_type");
    /** The name, up to 255 bytes and a 0. */
    public static final long D_NAME = offset(LAYOUT, "d_name");

    private Dirent64() {}
}
