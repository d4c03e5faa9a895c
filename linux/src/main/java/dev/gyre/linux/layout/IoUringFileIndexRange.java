package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_file_index_range}, the argument of IORING_REGISTER_FILE_ALLOC_RANGE: the slots among which the
 * kernel chooses for IORING_FILE_INDEX_ALLOC. Constants are offsets in bytes. From kernel 6.0. Source:
 * io_uring_register(2).
 */
public final class IoUringFileIndexRange {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u32("off"), u32("len"), u64("resv")).withName("io_uring_file_index_range");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The first slot, 32 bits. */
    public static final long OFF = offset(LAYOUT, "off");
    /** How many, 32 bits. */
    public static final long LEN = offset(LAYOUT, "len");
    /** 0, 64 bits. */
    public static final long RESV = offset(LAYOUT, "resv");

    private IoUringFileIndexRange() {}
}
