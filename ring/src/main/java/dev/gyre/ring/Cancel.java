package dev.gyre.ring;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import java.util.EnumSet;

/**
 * Asks the kernel to end another operation. The result is 0, or {@code -ENOENT} where that one has completed, or
 * {@code -EALREADY} where it is too far to be stopped at once.
 */
final class Cancel extends Operation {
    static final OperationKind KIND = new OperationKind("cancel", IoUringOp.IORING_OP_ASYNC_CANCEL, "5.5",
            "io_uring_prep_cancel(3)", EnumSet.of(EALREADY, EINVAL, ENOENT));

    private final long target;

    Cancel(long target, Callback callback) {
        super(callback);
        this.target = target;
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
