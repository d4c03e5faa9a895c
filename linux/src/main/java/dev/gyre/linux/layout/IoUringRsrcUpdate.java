package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_rsrc_update}, the argument of IORING_REGISTER_FILES_UPDATE and of IORING_REGISTER_RING_FDS.
 * Constants are offsets in bytes. From kernel 5.13. Source: io_uring_register(2).
 */
public final class IoUringRsrcUpdate {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u32("offset"), u32("resv"), u64("data")).withName("io_uring_rsrc_update");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The first slot, 32 bits; for a ring descriptor -1 lets the kernel choose. */
    public static final long OFFSET = offset(LAYOUT, "offset");
    /** 0, 32 bits. */
    public static final long RESV = offset(LAYOUT, "resv");
    /** The address of the descriptors, or one descriptor, 64 bits. */
    public static final long DATA = offset(LAYOUT, "data");

    private IoUringRsrcUpdate() {}
}
