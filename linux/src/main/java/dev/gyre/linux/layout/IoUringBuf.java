package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.pointer;
import static dev.gyre.linux.layout.Layouts.u16;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_buf}, an element of a ring of provided buffers. In element 0 of such a ring, the place
 * {@link #RESV} holds the ring's tail. Constants are offsets in bytes. From kernel 5.19. Source:
 * io_uring_register_buf_ring(3).
 */
public final class IoUringBuf {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(pointer("addr"), u32("len"), u16("bid"), u16("resv")).withName("io_uring_buf");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The address of the buffer, 64 bits. */
    public static final long ADDR = offset(LAYOUT, "addr");
    /** Its length in bytes, 32 bits. */
    public static final long LEN = offset(LAYOUT, "len");
    /** Its id, 16 bits: comes back in the completion. */
    public static final long BID = offset(LAYOUT, "bid");
    /** Unused, 16 bits; the tail of the ring in element 0. */
    public static final long RESV = offset(LAYOUT, "resv");

    private IoUringBuf() {}
}
