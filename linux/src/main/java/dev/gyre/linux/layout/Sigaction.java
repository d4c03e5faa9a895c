package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.pointer;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct sigaction} of the C library, what happens on a signal. Constants are offsets in bytes. Source:
 * sigaction(2).
 */
public final class Sigaction {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    pointer("sa_handler"),
                    bytes("sa_mask", 128),
                    u32("sa_flags"),
                    padding(4),
                    pointer("sa_restorer"))
            .withName("sigaction");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The address of a native function, 64 bits, or SIG_DFL or SIG_IGN. */
    public static final long SA_HANDLER = offset(LAYOUT, "sa_handler");
    /** The signals that are blocked while the handler runs, one bit each. */
    public static final long SA_MASK = offset(LAYOUT, "sa_mask");
    /** {@code SA_*}, 32 bits. */
    public static final long SA_FLAGS = offset(LAYOUT, "sa_flags");
    /** The C library sets it itself, 64 bits. */
    public static final long SA_RESTORER = offset(LAYOUT, "sa_restorer");

    private Sigaction() {}
}
