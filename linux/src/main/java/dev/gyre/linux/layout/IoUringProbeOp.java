package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u16;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u8;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_probe_op}, what a probe says about one operation. Constants are offsets in bytes. Source:
 * io_uring_register(2).
 */
public final class IoUringProbeOp {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u8("op"), u8("resv"), u16("flags"), u32("resv2")).withName("io_uring_probe_op");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The operation, 8 bits: one of {@code IORING_OP_*}. */
    public static final long OP = offset(LAYOUT, "op");
    /** 0, 8 bits. */
    public static final long RESV = offset(LAYOUT, "resv");
    /** IO_URING_OP_SUPPORTED or 0, 16 bits. */
    public static final long FLAGS = offset(LAYOUT, "flags");
    /** 0, 32 bits. */
    public static final long RESV2 = offset(LAYOUT, "resv2");

    private IoUringProbeOp() {}
}
