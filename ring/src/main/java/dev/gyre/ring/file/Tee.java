package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/**
 * Duplicates bytes of one pipe into another, and leaves them in the first. The result is the number of bytes, 0 when
 * the input is at its end.
 */
public final class Tee extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("tee", IoUringOp.IORING_OP_TEE, "5.8",
            "tee(2)",
            EnumSet.of(EAGAIN, EBADF, EINTR, EINVAL, ENOMEM, EPIPE));

    private final int in;
    private final int out;
    private final int length;
    private final int flags;

    /**
     * A duplication.
     *
     * @param in a pipe's reading end
     * @param out another pipe's writing end
     * @param length at most so many bytes
     * @param flags {@code SPLICE_F_NONBLOCK}, or 0
     * @param callback who is told
     */
    public Tee(int in, int out, int length, int flags, Callback callback) {
        super(callback);
        this.in = in;
        this.out = out;
        this.length = length;
        this.flags = flags;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), out).length(length).operationFlags(flags).fileIndex(in);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
