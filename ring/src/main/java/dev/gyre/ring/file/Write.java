package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import dev.gyre.ring.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Writes to a file. The result is the number of bytes, which may be less than all. */
public final class Write extends Transfer {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("write", IoUringOp.IORING_OP_WRITE, "5.6", "pwrite(2)",
            EnumSet.of(EAGAIN, EBADF, EBUSY, EDESTADDRREQ, EDQUOT, EFBIG, EINTR, EINVAL, EIO, ENOBUFS, ENOMEM, ENOSPC,
                    ENXIO, EOVERFLOW, EPERM, EPIPE, EROFS, ESPIPE, ETXTBSY));

    private long offset;

    /**
     * A write.
     *
     * @param fd open for writing
     * @param buffer native; at most 0x7ffff000 bytes of it are written
     * @param offset of the first byte; -1 for the file's own position, or for what has none
     * @param callback who is told
     */
    public Write(int fd, MemorySegment buffer, long offset, Callback callback) {
        super(fd, buffer, callback);
        this.offset = offset;
    }

    /**
     * New arguments, for a write that is used again.
     *
     * @param fd open for writing
     * @param buffer native
     * @param newOffset of the first byte, or -1
     * @return this
     */
    public Write to(int fd, MemorySegment buffer, long newOffset) {
        target(fd, buffer);
        offset = newOffset;
        return this;
    }

    @Override
    protected void prepare(Submission entry) {
        begin(entry).offset(offset);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
