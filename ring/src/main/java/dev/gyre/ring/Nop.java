package dev.gyre.ring;

import dev.gyre.linux.Errno;
import dev.gyre.linux.IoUringOp;
import java.util.EnumSet;

/** Does nothing, by way of the kernel. The result is 0. */
public final class Nop extends Operation {
    /** What this is. */
    public static final OperationKind KIND =
            new OperationKind("nop", IoUringOp.IORING_OP_NOP, "5.1", "io_uring_enter(2)", EnumSet.noneOf(Errno.class));

    /**
     * One that does nothing.
     *
     * @param callback who is told
     */
    public Nop(Callback callback) {
        super(callback);
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), -1);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
