package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.pointer;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_rsrc_register}, the argument of IORING_REGISTER_FILES2 and IORING_REGISTER_BUFFERS2. Constants
 * are offsets in bytes. From kernel 5.13. Source: io_uring_register(2).
 */
public final class IoUringRsrcRegister {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u32("nr"),
                    u32("flags"),
                    u64("resv2"),
                    pointer("data"),
                    pointer("tags"))
            .withName("io_uring_rsrc_register");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** How many files or buffers, 32 bits. */
    public static final long NR = offset(LAYOUT, "nr");
    /** IORING_RSRC_REGISTER_SPARSE or 0, 32 bits; from kernel 5.19. */
    public static final long FLAGS = offset(LAYOUT, "flags");
    /** 0, 64 bits. */
    public static final long RESV2 = offset(LAYOUT, "resv2");
    /** The address of the descriptors or {@link Iovec}s, 64 bits; 0 if sparse. */
    public static final long DATA = offset(LAYOUT, "data");
    /** The address of a 64-bit tag for each, 64 bits, or 0. */
    public static final long TAGS = offset(LAYOUT, "tags");

    private IoUringRsrcRegister() {}
}
