package dev.gyre.ring;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.layout.KernelTimespec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.EnumSet;

/**
 * Lets time pass, by {@code CLOCK_MONOTONIC}. The result is 0, which the kernel calls {@code ETIME}, or
 * {@code -ECANCELED}.
 */
public final class Timeout extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("timeout", IoUringOp.IORING_OP_TIMEOUT, "5.4",
            "io_uring_prep_timeout(3)", EnumSet.of(EINVAL));

    private final MemorySegment time;

    /**
     * A timeout.
     *
     * @param duration 0 or more, from the submission on
     * @param callback who is told
     */
    public Timeout(Duration duration, Callback callback) {
        super(callback);
        time = timespec(duration);
    }

    /**
     * A duration as the kernel takes it.
     *
     * @param duration 0 or more
     * @return automatic memory with a {@code __kernel_timespec}
     */
    public static MemorySegment timespec(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("timeout " + duration + " is negative");
        }
        MemorySegment time = Arena.ofAuto().allocate(KernelTimespec.LAYOUT);
        time.set(ValueLayout.JAVA_LONG, KernelTimespec.TV_SEC, duration.getSeconds());
        time.set(ValueLayout.JAVA_LONG, KernelTimespec.TV_NSEC, duration.getNano());
        return time;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), -1).address(time.address()).length(1);
    }

    @Override
    protected void complete(int newResult, int newFlags) {
        super.complete(newResult == -ETIME.code() ? 0 : newResult, newFlags);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
