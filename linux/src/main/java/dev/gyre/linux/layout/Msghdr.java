package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.pointer;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct msghdr}, a message with its buffers, address and control data. Constants are offsets in bytes. Source:
 * recvmsg(2).
 */
public final class Msghdr {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    pointer("msg_name"),
                    u32("msg_namelen"),
                    padding(4),
                    pointer("msg_iov"),
                    u64("msg_iovlen"),
                    pointer("msg_control"),
                    u64("msg_controllen"),
                    u32("msg_flags"),
                    padding(4))
            .withName("msghdr");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The address of a socket address, 64 bits, or 0. */
    public static final long MSG_NAME = offset(LAYOUT, "msg_name");
    /** Its length, 32 bits; receiving overwrites it with the true one. */
    public static final long MSG_NAMELEN = offset(LAYOUT, "msg_namelen");
    /** The address of an array of {@link Iovec}, 64 bits. */
    public static final long MSG_IOV = offset(LAYOUT, "msg_iov");
    /** How many elements that has, 64 bits, at most 1,024. */
    public static final long MSG_IOVLEN = offset(LAYOUT, "msg_iovlen");
    /** The address of control data, 64 bits, or 0. */
    public static final long MSG_CONTROL = offset(LAYOUT, "msg_control");
    /** Its length, 64 bits; receiving overwrites it with the true one. */
    public static final long MSG_CONTROLLEN = offset(LAYOUT, "msg_controllen");
    /** Answer: {@code MSG_*}, 32 bits. */
    public static final long MSG_FLAGS = offset(LAYOUT, "msg_flags");

    private Msghdr() {}
}
