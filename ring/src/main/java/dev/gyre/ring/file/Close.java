package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.Assert;
import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.FileTable;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/**
 * Closes a descriptor. The result is 0. The descriptor is gone whatever the result says; so {@code EINTR} is a
 * success, and never tried again (close(2), "Dealing with error returns").
 */
public final class Close extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("close", IoUringOp.IORING_OP_CLOSE, "5.6", "close(2)",
            EnumSet.of(EBADF, EDQUOT, EINTR, EIO, ENOSPC));

    private static final int NO_SLOT = 0;

    private final int fd;
    private final int fileIndex;

    /**
     * A close.
     *
     * @param fd open, with no operation in flight
     * @param callback who is told
     */
    public Close(int fd, Callback callback) {
        this(fd, NO_SLOT, callback);
    }

    private Close(int fd, int fileIndex, Callback callback) {
        super(callback);
        this.fd = fd;
        this.fileIndex = fileIndex;
    }

    /**
     * Closes what is in a slot of the loop's {@link FileTable}. Kernel 5.15.
     *
     * @param slot 0 or more
     * @param callback who is told
     * @return the operation; its result is {@code -EBADF} for an empty slot
     */
    public static Close ofSlot(int slot, Callback callback) {
        Assert.that(slot >= 0, "a slot has a number", slot);
        return new Close(0, slot + 1, callback);
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), fd).fileIndex(fileIndex);
    }

    @Override
    protected boolean retries(int value) {
        return false;
    }

    @Override
    protected void complete(int newResult, int newFlags) {
        super.complete(newResult == -EINTR.code() ? 0 : newResult, newFlags);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
