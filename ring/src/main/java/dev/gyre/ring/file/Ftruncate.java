package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/** Sets the length of a file. The result is 0. */
public final class Ftruncate extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("ftruncate", IoUringOp.IORING_OP_FTRUNCATE, "6.9",
            "ftruncate(2)",
            EnumSet.of(EBADF, EDQUOT, EFBIG, EINTR, EINVAL, EIO, ENOSPC, EPERM, ETXTBSY));

    private final int fd;
    private final long length;

    /**
     * A new length.
     *
     * @param fd open for writing
     * @param length bytes, 0 or more
     * @param callback who is told
     */
    public Ftruncate(int fd, long length, Callback callback) {
        super(callback);
        this.fd = fd;
        this.length = length;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), fd).offset(length);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
