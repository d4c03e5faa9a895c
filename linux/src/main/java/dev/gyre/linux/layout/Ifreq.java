package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.u32;

import dev.gyre.linux.Interfaces;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct ifreq}, a question about a network interface, as far as its number is asked for. Constants are offsets
 * in bytes. Source: netdevice(7).
 */
public final class Ifreq {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    bytes("ifr_name", Interfaces.IFNAMSIZ),
                    u32("ifr_ifindex"),
                    padding(20))
            .withByteAlignment(Long.BYTES)
            .withName("ifreq");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The name, with a final 0. */
    public static final long IFR_NAME = offset(LAYOUT, "ifr_name");
    /** The number, 32 bits. */
    public static final long IFR_IFINDEX = offset(LAYOUT, "ifr_ifindex");

    private Ifreq() {}
}
