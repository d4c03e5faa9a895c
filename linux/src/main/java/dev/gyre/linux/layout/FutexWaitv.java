package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct futex_waitv}, one futex among several to wait for. Constants are offsets in bytes. From kernel 5.16.
 * Source: io_uring_prep_futex_waitv(3).
 */
public final class FutexWaitv {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u64("val"),
                    u64("uaddr"),
                    u32("flags"),
                    u32("__reserved"))
            .withName("futex_waitv");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The value at which to wait, 64 bits. */
    public static final long VAL = offset(LAYOUT, "val");
    /** The address of the futex, 64 bits. */
    public static final long UADDR = offset(LAYOUT, "uaddr");
    /** {@code FUTEX2_*}, 32 bits. */
    public static final long FLAGS = offset(LAYOUT, "flags");
    /** 0, 32 bits. */
    public static final long RESERVED = offset(LAYOUT, "__reserved");

    private FutexWaitv() {}
}
