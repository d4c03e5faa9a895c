package dev.gyre.ring;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import java.util.EnumSet;

/** Reads into several buffers. The result is the number of bytes, 0 at the end of the file. */
public final class Readv extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("readv", IoUringOp.IORING_OP_READV, "5.1",
            "preadv2(2)",
            EnumSet.of(EAGAIN, EBADF, ECONNRESET, EINTR, EINVAL, EIO, EISDIR, ENOBUFS, ENODATA, ENOMEM, ENXIO,
                    EOVERFLOW, ESPIPE, ETIMEDOUT));

    private final int fd;
    private final Vector buffers;
    private final long offset;
    private final int flags;

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
        super(callback, buffers.memory());
        this.fd = fd;
        this.buffers = buffers;
        this.offset = offset;
        this.flags = flags;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), fd)
                .address(buffers.elements().address())
                .length(buffers.count())
                .offset(offset)
                .operationFlags(flags);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
