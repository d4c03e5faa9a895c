package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u16;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct sockaddr_in6}, an IPv6 address with a port. Constants are offsets in bytes. {@link Sockaddr} reads and
 * writes it. Source: ipv6(7).
 */
public final class SockaddrIn6 {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u16("sin6_family"),
                    u16("sin6_port"),
                    u32("sin6_flowinfo"),
                    bytes("sin6_addr", 16),
                    u32("sin6_scope_id"))
            .withName("sockaddr_in6");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** AF_INET6, 16 bits. */
    public static final long SIN6_FAMILY = offset(LAYOUT, "sin6_family");
    /** The port, 16 bits in network order. */
    public static final long SIN6_PORT = offset(LAYOUT, "sin6_port");
    /** The flow, 32 bits in network order. */
    public static final long SIN6_FLOWINFO = offset(LAYOUT, "sin6_flowinfo");
    /** The address, 16 bytes in network order. */
    public static final long SIN6_ADDR = offset(LAYOUT, "sin6_addr");
    /** The interface of a link-local address, 32 bits, or 0. */
    public static final long SIN6_SCOPE_ID = offset(LAYOUT, "sin6_scope_id");

    private SockaddrIn6() {}
}
