package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.u16;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct sockaddr_storage}, room for any socket address. Constants are offsets in bytes. Source: socket(7).
 */
public final class SockaddrStorage {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(u16("ss_family"), padding(126))
            .withByteAlignment(8)
            .withName("sockaddr_storage");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** {@code AF_*}, 16 bits: says which structure it really is. */
    public static final long SS_FAMILY = offset(LAYOUT, "ss_family");

    private SockaddrStorage() {}
}
