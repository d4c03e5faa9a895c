package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.ints;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u16;
import static dev.gyre.linux.layout.Layouts.u8;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_probe}, the argument of IORING_REGISTER_PROBE. The array {@code ops} of {@link IoUringProbeOp}
 * follows it, as long as the count that was passed with it. All of it must be 0 before the call. Constants are offsets
 * in bytes. From kernel 5.6. Source: io_uring_register(2).
 */
public final class IoUringProbe {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u8("last_op"),
                    u8("ops_len"),
                    u16("resv"),
                    ints("resv2", 3),
                    bytes("ops", 0))
            .withName("io_uring_probe");

    /** Bytes in the structure without its array. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The last operation that the kernel knows, 8 bits. */
    public static final long LAST_OP = offset(LAYOUT, "last_op");
    /** How many elements the kernel filled in, 8 bits. */
    public static final long OPS_LEN = offset(LAYOUT, "ops_len");
    /** 0, 16 bits. */
    public static final long RESV = offset(LAYOUT, "resv");
    /** 0, three times 32 bits. */
    public static final long RESV2 = offset(LAYOUT, "resv2");
    /** Where the array begins. */
    public static final long OPS = offset(LAYOUT, "ops");

    private IoUringProbe() {}
}
