package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.pointer;
import static dev.gyre.linux.layout.Layouts.u16;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_buf_reg}, the argument of IORING_REGISTER_PBUF_RING and of its opposite. Constants are offsets
 * in bytes. From kernel 5.19. Source: io_uring_register(2).
 */
public final class IoUringBufReg {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    pointer("ring_addr"),
                    u32("ring_entries"),
                    u16("bgid"),
                    u16("flags"),
                    bytes("resv", 24))
            .withName("io_uring_buf_reg");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The address of the ring of buffers, page-aligned, 64 bits. */
    public static final long RING_ADDR = offset(LAYOUT, "ring_addr");
    /** How many elements it has, a power of 2 up to 32,768, 32 bits. */
    public static final long RING_ENTRIES = offset(LAYOUT, "ring_entries");
    /** The id of the buffer group, 16 bits. */
    public static final long BGID = offset(LAYOUT, "bgid");
    /** {@code IOU_PBUF_RING_*}, 16 bits; from kernel 6.4, before that 0. */
    public static final long FLAGS = offset(LAYOUT, "flags");
    /** 0, three times 64 bits. */
    public static final long RESV = offset(LAYOUT, "resv");

    private IoUringBufReg() {}
}
