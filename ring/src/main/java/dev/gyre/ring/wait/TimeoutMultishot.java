package dev.gyre.ring.wait;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import dev.gyre.ring.Timeout;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.EnumSet;

/**
 * Lets a time pass again and again, by {@code CLOCK_MONOTONIC}, with one submission. Each result is 0. It is over with
 * a cancellation.
 */
public final class TimeoutMultishot extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("timeout multishot", IoUringOp.IORING_OP_TIMEOUT, "6.4",
            "io_uring_prep_timeout(3)", EnumSet.of(EINVAL));

    private final MemorySegment time;

    /**
     * A beat.
     *
     * @param period more than 0
     * @param callback who is told of each
     */
    public TimeoutMultishot(Duration period, Callback callback) {
        super(callback);
        if (period.isZero()) {
            throw new IllegalArgumentException("a period is longer than 0");
        }
        time = Timeout.timespec(period);
        persist();
    }

    @Override
    protected Next next(int value) {
        if (value == -ETIME.code()) {
            return Next.AGAIN;
        }
        return retries(value) ? Next.AGAIN_SILENTLY : Next.DONE;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), -1)
                .address(time.address())
                .length(1)
                .operationFlags(IoUringOp.IORING_TIMEOUT_MULTISHOT);
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
