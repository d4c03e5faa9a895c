package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u16;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct sockaddr_in}, an IPv4 address with a port. Constants are offsets in bytes. {@link Sockaddr} reads and
 * writes it. Source: ip(7).
 */
public final class SockaddrIn {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u16("sin_family"),
                    u16("sin_port"),
                    u32("sin_addr"),
                    bytes("sin_zero", 8))
            .withName("sockaddr_in");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** AF_INET, 16 bits. */
    public static final long SIN_FAMILY = offset(LAYOUT, "sin_family");
    /** The port, 16 bits in network order. */
    public static final long SIN_PORT = offset(LAYOUT, "sin_port");
    /** The address, 32 bits in network order. */
    public static final long SIN_ADDR = offset(LAYOUT, "sin_addr");
    /** Unused. */
    public static final long SIN_ZERO = offset(LAYOUT, "sin_zero");

    private SockaddrIn() {}
}
