package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct rlimit}, a limit. Constants are offsets in bytes. Source: getrlimit(2).
 */
public final class Rlimit {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u64("rlim_cur"), u64("rlim_max")).withName("rlimit");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The limit, 64 bits. */
    public static final long RLIM_CUR = offset(LAYOUT, "rlim_cur");
    /** Up to where the process may raise it, 64 bits. */
    public static final long RLIM_MAX = offset(LAYOUT, "rlim_max");

    private Rlimit() {}
}
