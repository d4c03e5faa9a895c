package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/** Tells how a range of a file will be used. The result is 0. */
public final class Fadvise extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("fadvise", IoUringOp.IORING_OP_FADVISE, "5.6",
            "posix_fadvise(3)",
            EnumSet.of(EBADF, EINVAL, ESPIPE));

    private final int fd;
    private final long offset;
    private final int length;
    private final int advice;

    /**
     * An advice.
     *
     * @param fd open
     * @param offset the first byte
     * @param length how many bytes; 0 for all that follow
     * @param advice {@code POSIX_FADV_*}
     * @param callback who is told
     */
    public Fadvise(int fd, long offset, int length, int advice, Callback callback) {
        super(callback);
        this.fd = fd;
        this.offset = offset;
        this.length = length;
        this.advice = advice;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), fd).offset(offset).length(length).operationFlags(advice);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
