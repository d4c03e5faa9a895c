package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.Assert;
import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/** Brings a file's content to its device. The result is 0. */
public final class Fsync extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("fsync", IoUringOp.IORING_OP_FSYNC, "5.1", "fsync(2)",
            EnumSet.of(EBADF, EDQUOT, EINTR, EINVAL, EIO, ENOSPC, EROFS));

    private int fd;
    private boolean dataOnly;

    /**
     * A sync.
     *
     * @param fd open
     * @param dataOnly whether attributes that are not needed to read the content may be left out (fdatasync(2))
     * @param callback who is told
     */
    public Fsync(int fd, boolean dataOnly, Callback callback) {
        super(callback);
        this.fd = fd;
        this.dataOnly = dataOnly;
    }

    /**
     * New arguments, for a sync that is used again.
     *
     * @param newFd open
     * @param newDataOnly as above
     * @return this
     */
    public Fsync of(int newFd, boolean newDataOnly) {
        Assert.that(!isInFlight(), "the arguments of an operation in flight do not change");
        fd = newFd;
        dataOnly = newDataOnly;
        return this;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), fd).operationFlags(dataOnly ? IoUringOp.IORING_FSYNC_DATASYNC : 0);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
