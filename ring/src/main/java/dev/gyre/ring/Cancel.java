package dev.gyre.ring;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import java.time.Duration;
import java.util.EnumSet;

/**
 * Asks the kernel to end another operation. The result is 0, or {@code -ENOENT} where that one has completed, or
 * {@code -EALREADY} where it is too far to be stopped at once.
 */
final class Cancel extends Operation {
    static final OperationKind KIND = new OperationKind("cancel", IoUringOp.IORING_OP_ASYNC_CANCEL, "5.5",
            "io_uring_prep_cancel(3)", EnumSet.of(EALREADY, EINVAL, ENOENT));

    private static final Duration PAUSE_FIRST = Duration.ofNanos(50_000);
    private static final Duration PAUSE_LONGEST = Duration.ofMillis(50);

    private final long target;
    private Duration pause = PAUSE_FIRST;

    Cancel(long target, Callback callback) {
        super(callback);
        this.target = target;
    }

    /** The user data of what is to be ended. */
    long target() {
        return target;
    }

    /** How long to wait before this is submitted once more: longer each time. */
    Duration nextPause() {
        Duration now = pause;
        Duration doubled = now.multipliedBy(2);
        pause = doubled.compareTo(PAUSE_LONGEST) < 0 ? doubled : PAUSE_LONGEST;
        return now;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), -1).address(target);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
