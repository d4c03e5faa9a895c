package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.u16;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct statx}, what a file is. Constants are offsets in bytes. From kernel 4.11. Source: statx(2).
 */
public final class Statx {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u32("stx_mask"),
                    u32("stx_blksize"),
                    u64("stx_attributes"),
                    u32("stx_nlink"),
                    u32("stx_uid"),
                    u32("stx_gid"),
                    u16("stx_mode"),
                    padding(2),
                    u64("stx_ino"),
                    u64("stx_size"),
                    u64("stx_blocks"),
                    u64("stx_attributes_mask"),
                    StatxTimestamp.LAYOUT.withName("stx_atime"),
                    StatxTimestamp.LAYOUT.withName("stx_btime"),
                    StatxTimestamp.LAYOUT.withName("stx_ctime"),
                    StatxTimestamp.LAYOUT.withName("stx_mtime"),
                    u32("stx_rdev_major"),
                    u32("stx_rdev_minor"),
                    u32("stx_dev_major"),
                    u32("stx_dev_minor"),
                    u64("stx_mnt_id"),
                    u32("stx_dio_mem_align"),
                    u32("stx_dio_offset_align"),
                    padding(96))
            .withName("statx");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** {@code STATX_*}, 32 bits: what the kernel filled in. */
    public static final long STX_MASK = offset(LAYOUT, "stx_mask");
    /** The best size of a transfer in bytes, 32 bits. */
    public static final long STX_BLKSIZE = offset(LAYOUT, "stx_blksize");
    /** Attributes, 64 bits. */
    public static final long STX_ATTRIBUTES = offset(LAYOUT, "stx_attributes");
    /** The number of names, 32 bits. */
    public static final long STX_NLINK = offset(LAYOUT, "stx_nlink");
    /** The user who owns it, 32 bits. */
    public static final long STX_UID = offset(LAYOUT, "stx_uid");
    /** The group that owns it, 32 bits. */
    public static final long STX_GID = offset(LAYOUT, "stx_gid");
    /** The kind of file and its permissions, 16 bits: {@code S_*}. */
    public static final long STX_MODE = offset(LAYOUT, "stx_mode");
    /** The inode number, 64 bits. */
    public static final long STX_INO = offset(LAYOUT, "stx_ino");
    /** The length in bytes, 64 bits. */
    public static final long STX_SIZE = offset(LAYOUT, "stx_size");
    /** The room it takes, in units of 512 bytes, 64 bits. */
    public static final long STX_BLOCKS = offset(LAYOUT, "stx_blocks");
    /** Which attributes the file system knows, 64 bits. */
    public static final long STX_ATTRIBUTES_MASK = offset(LAYOUT, "stx_attributes_mask");
    /** The last access, a {@link StatxTimestamp}. */
    public static final long STX_ATIME = offset(LAYOUT, "stx_atime");
    /** When it was made, a {@link StatxTimestamp}. */
    public static final long STX_BTIME = offset(LAYOUT, "stx_btime");
    /** The last change of anything, a {@link StatxTimestamp}. */
    public static final long STX_CTIME = offset(LAYOUT, "stx_ctime");
    /** The last change of data, a {@link StatxTimestamp}. */
    public static final long STX_MTIME = offset(LAYOUT, "stx_mtime");
    /** The device that it is, upper part, 32 bits. */
    public static final long STX_RDEV_MAJOR = offset(LAYOUT, "stx_rdev_major");
    /** The device that it is, lower part, 32 bits. */
    public static final long STX_RDEV_MINOR = offset(LAYOUT, "stx_rdev_minor");
    /** The device that it is on, upper part, 32 bits. */
    public static final long STX_DEV_MAJOR = offset(LAYOUT, "stx_dev_major");
    /** The device that it is on, lower part, 32 bits. */
    public static final long STX_DEV_MINOR = offset(LAYOUT, "stx_dev_minor");
    /** The mount that it is on, 64 bits; from kernel 5.8. */
    public static final long STX_MNT_ID = offset(LAYOUT, "stx_mnt_id");
    /** The alignment of memory for O_DIRECT in bytes, 32 bits, 0 if impossible; from kernel 6.1. */
    public static final long STX_DIO_MEM_ALIGN = offset(LAYOUT, "stx_dio_mem_align");
    /** The alignment of offsets for O_DIRECT in bytes, 32 bits; from kernel 6.1. */
    public static final long STX_DIO_OFFSET_ALIGN = offset(LAYOUT, "stx_dio_offset_align");

    private Statx() {}
}
