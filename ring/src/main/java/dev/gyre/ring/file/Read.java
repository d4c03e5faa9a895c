package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import dev.gyre.ring.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Reads from a file. The result is the number of bytes, 0 at the end of the file. */
public final class Read extends Transfer {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("read", IoUringOp.IORING_OP_READ, "5.6", "pread(2)",
            EnumSet.of(EAGAIN, EBADF, ECONNRESET, EINTR, EINVAL, EIO, EISDIR, ENOBUFS, ENODATA, ENOMEM, ENXIO,
                    EOVERFLOW, ESPIPE, ETIMEDOUT));

    private long offset;

    /**
     * A read.
     *
     * @param fd open for reading
     * @param buffer native, writable; at most 0x7ffff000 bytes of it are filled
     * @param offset of the first byte; -1 for the file's own position, or for what has none
     * @param callback who is told
     */
    public Read(int fd, MemorySegment buffer, long offset, Callback callback) {
        super(fd, buffer, callback);
        this.offset = offset;
    }

    /**
     * New arguments, for a read that is used again.
     *
     * @param fd open for reading
     * @param buffer native, writable
     * @param newOffset of the first byte, or -1
     * @return this
     */
    public Read from(int fd, MemorySegment buffer, long newOffset) {
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
