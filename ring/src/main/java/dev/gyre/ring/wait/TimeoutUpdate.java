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
 * Gives a {@link Timeout} another duration. The result is 0, or {@code -ENOENT} where that one is over.
 */
public final class TimeoutUpdate extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("timeout update",
            IoUringOp.IORING_OP_TIMEOUT_REMOVE, "5.11", "io_uring_prep_timeout_update(3)",
            EnumSet.of(EALREADY, EINVAL, ENOENT));

    private final Timeout target;
    private final MemorySegment time;

    /**
     * A change.
     *
     * @param target submitted to the same loop
     * @param duration 0 or more, from the submission of this on
     * @param callback who is told
     */
    public TimeoutUpdate(Timeout target, Duration duration, Callback callback) {
        super(callback);
        this.target = target;
        time = Timeout.timespec(duration);
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), -1)
                .address(target.userData())
                .offset(time.address())
                .operationFlags(IoUringOp.IORING_TIMEOUT_UPDATE);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
