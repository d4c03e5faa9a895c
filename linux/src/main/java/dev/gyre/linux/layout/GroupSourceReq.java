package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct group_source_req}, a multicast group and a sender. Source: netinet/in.h, RFC 3678.
 */
public final class GroupSourceReq {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u32("gsr_interface"),
                    padding(4),
                    SockaddrStorage.LAYOUT.withName("gsr_group"),
                    SockaddrStorage.LAYOUT.withName("gsr_source"))
            .withName("group_source_req");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The index of the interface, 32 bits; 0 lets the kernel choose. */
    public static final long GSR_INTERFACE = offset(LAYOUT, "gsr_interface");
    /** The group, a socket address. */
    public static final long GSR_GROUP = offset(LAYOUT, "gsr_group");
    /** The sender, a socket address. */
    public static final long GSR_SOURCE = offset(LAYOUT, "gsr_source");

    private GroupSourceReq() {}
}
