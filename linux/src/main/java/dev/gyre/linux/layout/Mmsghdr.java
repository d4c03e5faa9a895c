package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct mmsghdr}, one message among several. Constants are offsets in bytes. Source: recvmmsg(2).
 */
public final class Mmsghdr {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    Msghdr.LAYOUT.withName("msg_hdr"),
                    u32("msg_len"),
                    padding(4))
            .withName("mmsghdr");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The message, a {@link Msghdr}. */
    public static final long MSG_HDR = offset(LAYOUT, "msg_hdr");
    /** Answer: the bytes moved, 32 bits. */
    public static final long MSG_LEN = offset(LAYOUT, "msg_len");

    private Mmsghdr() {}
}
