package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;
import static dev.gyre.linux.layout.Layouts.u8;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_sync_cancel_reg}, the argument of IORING_REGISTER_SYNC_CANCEL, which cancels and waits for the
 * result. What is not set must be 0. Constants are offsets in bytes. From kernel 6.0. Source:
 * io_uring_register_sync_cancel(3).
 */
public final class IoUringSyncCancelReg {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u64("addr"),
                    u32("fd"),
                    u32("flags"),
                    KernelTimespec.LAYOUT.withName("timeout"),
                    u8("opcode"),
                    padding(31))
            .withName("io_uring_sync_cancel_reg");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The user data to match, 64 bits. */
    public static final long ADDR = offset(LAYOUT, "addr");
    /** The descriptor to match, 32 bits. */
    public static final long FD = offset(LAYOUT, "fd");
    /** {@code IORING_ASYNC_CANCEL_*}, 32 bits. */
    public static final long FLAGS = offset(LAYOUT, "flags");
    /** How long to wait, a {@link KernelTimespec}; both of its fields -1 for no limit. */
    public static final long TIMEOUT = offset(LAYOUT, "timeout");
    /** The operation to match, 8 bits; from kernel 6.6, before that 0. */
    public static final long OPCODE = offset(LAYOUT, "opcode");

    private IoUringSyncCancelReg() {}
}
