package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/**
 * Moves bytes between two descriptors, one of them a pipe, without a copy through the program. The result is the
 * number of bytes, 0 at the end of the input.
 */
public final class Splice extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("splice", IoUringOp.IORING_OP_SPLICE, "5.7",
            "splice(2)",
            EnumSet.of(EAGAIN, EBADF, ECONNRESET, EINTR, EINVAL, EIO, ENOMEM, ENOSPC, EPIPE, ESPIPE));

    private final int in;
    private final long inOffset;
    private final int out;
    private final long outOffset;
    private final int length;
    private final int flags;

    /**
     * A move.
     *
     * @param in read from
     * @param inOffset of the first byte there; -1 for its own position, and for a pipe
     * @param out written to
     * @param outOffset of the first byte there; -1 for its own position, and for a pipe
     * @param length at most so many bytes
     * @param flags {@code SPLICE_F_*}, or 0
     * @param callback who is told
     */
    public Splice(int in, long inOffset, int out, long outOffset, int length, int flags, Callback callback) {
        super(callback);
        this.in = in;
        this.inOffset = inOffset;
        this.out = out;
        this.outOffset = outOffset;
        this.length = length;
        this.flags = flags;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), out)
                .address(inOffset)
                .offset(outOffset)
                .length(length)
                .operationFlags(flags)
                .fileIndex(in);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
