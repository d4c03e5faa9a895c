package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct ip_mreqn}, an interface for multicasts. Source: ip(7).
 */
public final class IpMreqn {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u32("imr_multiaddr"),
                    u32("imr_address"),
                    u32("imr_ifindex"))
            .withName("ip_mreqn");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** A group, 32 bits in network order. */
    public static final long IMR_MULTIADDR = offset(LAYOUT, "imr_multiaddr");
    /** The address of the interface, 32 bits in network order. */
    public static final long IMR_ADDRESS = offset(LAYOUT, "imr_address");
    /** Its index, 32 bits. */
    public static final long IMR_IFINDEX = offset(LAYOUT, "imr_ifindex");

    private IpMreqn() {}
}
