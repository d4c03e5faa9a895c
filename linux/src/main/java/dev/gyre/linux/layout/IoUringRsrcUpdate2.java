package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.pointer;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_rsrc_update2}, the argument of IORING_REGISTER_FILES_UPDATE2 and of
 * IORING_REGISTER_BUFFERS_UPDATE. Constants are offsets in bytes. From kernel 5.13. Source: io_uring_register(2).
 */
public final class IoUringRsrcUpdate2 {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u32("offset"),
                    u32("resv"),
                    pointer("data"),
                    pointer("tags"),
                    u32("nr"),
                    u32("resv2"))
            .withName("io_uring_rsrc_update2");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The first slot, 32 bits. */
    public static final long OFFSET = offset(LAYOUT, "offset");
    /** 0, 32 bits. */
    public static final long RESV = offset(LAYOUT, "resv");
    /** The address of the descriptors or {@link Iovec}s, 64 bits. */
    public static final long DATA = offset(LAYOUT, "data");
    /** The address of a 64-bit tag for each, 64 bits, or 0. */
    public static final long TAGS = offset(LAYOUT, "tags");
    /** How many, 32 bits. */
    public static final long NR = offset(LAYOUT, "nr");
    /** 0, 32 bits. */
    public static final long RESV2 = offset(LAYOUT, "resv2");

    private IoUringRsrcUpdate2() {}
}
