package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u16;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct sockaddr_un}, an address on this machine. Constants are offsets in bytes. {@link Sockaddr} reads and
 * writes it. Source: unix(7).
 */
public final class SockaddrUn {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u16("sun_family"), bytes("sun_path", 108)).withName("sockaddr_un");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** AF_UNIX, 16 bits. */
    public static final long SUN_FAMILY = offset(LAYOUT, "sun_family");
    /** A path, or a 0 byte and an abstract name; up to 108 bytes. */
    public static final long SUN_PATH = offset(LAYOUT, "sun_path");

    private SockaddrUn() {}
}
