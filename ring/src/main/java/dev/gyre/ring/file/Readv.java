package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Vector;
import java.util.EnumSet;

/** Reads into several buffers. The result is the number of bytes, 0 at the end of the file. */
public final class Readv extends VectorTransfer {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("readv", IoUringOp.IORING_OP_READV, "5.1",
            "preadv2(2)",
            EnumSet.of(EAGAIN, EBADF, ECONNRESET, EINTR, EINVAL, EIO, EISDIR, ENOBUFS, ENODATA, ENOMEM, ENXIO,
                    EOVERFLOW, ESPIPE, ETIMEDOUT));

    /**
     * A read.
     *
     * @param fd open for reading
     * @param buffers where to
     * @param offset of the first byte; -1 for the file's own position, or for what has none
     * @param flags {@code RWF_*}, or 0
     * @param callback who is told
     */
    public Readv(int fd, Vector buffers, long offset, int flags, Callback callback) {
        super(fd, buffers, offset, flags, callback);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
