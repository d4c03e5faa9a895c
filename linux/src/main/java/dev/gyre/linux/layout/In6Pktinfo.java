package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct in6_pktinfo}, where a datagram of IPv6 was sent to, or is to be sent from. Source:
 * ipv6(7).
 */
public final class In6Pktinfo {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    bytes("ipi6_addr", 16),
                    u32("ipi6_ifindex"))
            .withName("in6_pktinfo");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The address, 128 bits. */
    public static final long IPI6_ADDR = offset(LAYOUT, "ipi6_addr");
    /** The index of the interface, 32 bits. */
    public static final long IPI6_IFINDEX = offset(LAYOUT, "ipi6_ifindex");

    private In6Pktinfo() {}
}
