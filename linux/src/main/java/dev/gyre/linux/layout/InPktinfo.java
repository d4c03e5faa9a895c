package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct in_pktinfo}, where a datagram of IPv4 was sent to, or is to be sent from. Source: ip(7).
 */
public final class InPktinfo {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u32("ipi_ifindex"),
                    u32("ipi_spec_dst"),
                    u32("ipi_addr"))
            .withName("in_pktinfo");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The index of the interface, 32 bits. */
    public static final long IPI_IFINDEX = offset(LAYOUT, "ipi_ifindex");
    /** The local address, or the source to send from, 32 bits in network order. */
    public static final long IPI_SPEC_DST = offset(LAYOUT, "ipi_spec_dst");
    /** The destination in the header, 32 bits in network order. */
    public static final long IPI_ADDR = offset(LAYOUT, "ipi_addr");

    private InPktinfo() {}
}
