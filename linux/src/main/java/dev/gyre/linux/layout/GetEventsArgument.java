package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.pointer;
import static dev.gyre.linux.layout.Layouts.u32;

import dev.gyre.linux.IoUring;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_getevents_arg}, the argument of {@link IoUring#enter} with IORING_ENTER_EXT_ARG: how long to
 * wait, and with which signals blocked. Constants are offsets in bytes. From kernel 5.11. Source: io_uring_enter(2).
 */
public final class GetEventsArgument {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    pointer("sigmask"),
                    u32("sigmask_sz"),
                    u32("min_wait_usec"),
                    pointer("ts"))
            .withName("io_uring_getevents_arg");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The address of a signal mask, 64 bits, or 0. */
    public static final long SIGMASK = offset(LAYOUT, "sigmask");
    /** The bytes in that mask, 32 bits. */
    public static final long SIGMASK_SZ = offset(LAYOUT, "sigmask_sz");
    /** Microseconds to wait for the full batch, 32 bits; from kernel 6.12, before that 0. */
    public static final long MIN_WAIT_USEC = offset(LAYOUT, "min_wait_usec");
    /** The address of a {@link KernelTimespec}, 64 bits, or 0 to wait without limit. */
    public static final long TS = offset(LAYOUT, "ts");

    private GetEventsArgument() {}
}
