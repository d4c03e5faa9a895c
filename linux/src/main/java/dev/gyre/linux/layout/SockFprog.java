package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.pointer;
import static dev.gyre.linux.layout.Layouts.u16;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct sock_fprog}, a filter. Constants are offsets in bytes. Source: seccomp(2).
 */
public final class SockFprog {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u16("len"), padding(6), pointer("filter")).withName("sock_fprog");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** How many instructions it has, 16 bits. */
    public static final long LEN = offset(LAYOUT, "len");
    /** The address of an array of {@link SockFilter}, 64 bits. */
    public static final long FILTER = offset(LAYOUT, "filter");

    private SockFprog() {}
}
