package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct group_req}, a multicast group. Source: netinet/in.h, RFC 3678.
 */
public final class GroupReq {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u32("gr_interface"),
                    padding(4),
                    SockaddrStorage.LAYOUT.withName("gr_group"))
            .withName("group_req");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The index of the interface, 32 bits; 0 lets the kernel choose. */
    public static final long GR_INTERFACE = offset(LAYOUT, "gr_interface");
    /** The group, a socket address. */
    public static final long GR_GROUP = offset(LAYOUT, "gr_group");

    private GroupReq() {}
}
