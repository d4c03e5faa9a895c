package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_recvmsg_out}, what a multishot recvmsg writes at the start of the buffer that it picked. The
 * address follows, then control data, then the payload; the first two take the room that the request's {@link Msghdr}
 * asked for. Constants are offsets in bytes. From kernel 6.0. Source: io_uring_prep_recvmsg(3).
 */
public final class IoUringRecvmsgOut {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u32("namelen"),
                    u32("controllen"),
                    u32("payloadlen"),
                    u32("flags"))
            .withName("io_uring_recvmsg_out");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The true length of the address, 32 bits. */
    public static final long NAMELEN = offset(LAYOUT, "namelen");
    /** The length of the control data, 32 bits. */
    public static final long CONTROLLEN = offset(LAYOUT, "controllen");
    /** The length of the payload, 32 bits. */
    public static final long PAYLOADLEN = offset(LAYOUT, "payloadlen");
    /** {@code MSG_*} as from recvmsg(2), 32 bits. */
    public static final long FLAGS = offset(LAYOUT, "flags");

    private IoUringRecvmsgOut() {}
}
