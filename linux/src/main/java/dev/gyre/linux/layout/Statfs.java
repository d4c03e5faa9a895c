package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.ints;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct statfs}, what a file system is and how full. Constants are offsets in bytes. Source: statfs(2).
 */
public final class Statfs {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u64("f_type"),
                    u64("f_bsize"),
                    u64("f_blocks"),
                    u64("f_bfree"),
                    u64("f_bavail"),
                    u64("f_files"),
                    u64("f_ffree"),
                    ints("f_fsid", 2),
                    u64("f_namelen"),
                    u64("f_frsize"),
                    u64("f_flags"),
                    bytes("f_spare", 32))
            .withName("statfs");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The kind of file system, 64 bits: a number of the kernel's {@code linux/magic.h}. */
    public static final long F_TYPE = offset(LAYOUT, "f_type");
    /** The best size of a transfer in bytes, 64 bits. */
    public static final long F_BSIZE = offset(LAYOUT, "f_bsize");
    /** Blocks in all, 64 bits. */
    public static final long F_BLOCKS = offset(LAYOUT, "f_blocks");
    /** Free blocks, 64 bits. */
    public static final long F_BFREE = offset(LAYOUT, "f_bfree");
    /** Free blocks for everybody, 64 bits. */
    public static final long F_BAVAIL = offset(LAYOUT, "f_bavail");
    /** Inodes in all, 64 bits; 0 where the file system does not count them. */
    public static final long F_FILES = offset(LAYOUT, "f_files");
    /** Free inodes, 64 bits. */
    public static final long F_FFREE = offset(LAYOUT, "f_ffree");
    /** A number of this file system, twice 32 bits. */
    public static final long F_FSID = offset(LAYOUT, "f_fsid");
    /** The longest name in bytes, 64 bits. */
    public static final long F_NAMELEN = offset(LAYOUT, "f_namelen");
    /** The size of a block in bytes, 64 bits. */
    public static final long F_FRSIZE = offset(LAYOUT, "f_frsize");
    /** {@code ST_*}, 64 bits. */
    public static final long F_FLAGS = offset(LAYOUT, "f_flags");
    /** Nothing yet. */
    public static final long F_SPARE = offset(LAYOUT, "f_spare");

    private Statfs() {}
}
