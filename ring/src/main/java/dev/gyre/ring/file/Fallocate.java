package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/** Allocates, frees or shifts room in a file. The result is 0. */
public final class Fallocate extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("fallocate", IoUringOp.IORING_OP_FALLOCATE, "5.6",
            "fallocate(2)",
            EnumSet.of(EBADF, EDQUOT, EFBIG, EINTR, EINVAL, EIO, ENODEV, ENOSPC, EOPNOTSUPP, EPERM, ESPIPE, ETXTBSY));

    private final int fd;
    private final int mode;
    private final long offset;
    private final long length;

    /**
     * An allocation.
     *
     * @param fd open for writing
     * @param mode {@code FALLOC_FL_*}, or 0 to allocate
     * @param offset the first byte, 0 or more
     * @param length how many bytes, 1 or more
     * @param callback who is told
     */
    public Fallocate(int fd, int mode, long offset, long length, Callback callback) {
        super(callback);
        this.fd = fd;
        this.mode = mode;
        this.offset = offset;
        this.length = length;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), fd).offset(offset).address(length).length(mode);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
