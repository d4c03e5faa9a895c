package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Vector;
import java.util.EnumSet;

/** Writes from several buffers. The result is the number of bytes. */
public final class Writev extends VectorTransfer {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("writev", IoUringOp.IORING_OP_WRITEV, "5.1",
            "pwritev2(2)",
            EnumSet.of(EAGAIN, EBADF, ECONNRESET, EDESTADDRREQ, EDQUOT, EFBIG, EINTR, EINVAL, EIO, ENOBUFS, ENOMEM,
                    ENOSPC, ENXIO, EOVERFLOW, EPERM, EPIPE, ESPIPE, ETIMEDOUT));

    /**
     * A write.
     *
     * @param fd open for writing
     * @param buffers where from
     * @param offset of the first byte; -1 for the file's own position, or for what has none
     * @param flags {@code RWF_*}, or 0
     * @param callback who is told
     */
    public Writev(int fd, Vector buffers, long offset, int flags, Callback callback) {
        super(fd, buffers, offset, flags, callback);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
