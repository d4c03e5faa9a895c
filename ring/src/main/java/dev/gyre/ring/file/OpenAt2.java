package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.layout.OpenHow;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Opening;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Opens a path. The result is the descriptor. */
public final class OpenAt2 extends Opening {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("openat2", IoUringOp.IORING_OP_OPENAT2, "5.6",
            "openat2(2)",
            EnumSet.of(E2BIG, EACCES, EAGAIN, EBADF, EBUSY, EDQUOT, EEXIST, EFBIG, EINTR, EINVAL, EIO, EISDIR, ELOOP,
                    EMFILE, ENAMETOOLONG, ENFILE, ENODEV, ENOENT, ENOMEM, ENOSPC, ENOTDIR, ENXIO, EOPNOTSUPP,
                    EOVERFLOW, EPERM, EROFS, ESTALE, ETXTBSY, EXDEV));

    private final int directory;
    private final MemorySegment path;
    private final MemorySegment how;

    /**
     * An open. The kernel tries it with {@code O_NONBLOCK} first, and clears that flag afterwards; so a named pipe is
     * opened for reading without a writer, and refused for writing with {@code ENXIO} without a reader.
     *
     * @param directory where a relative path starts, or {@code AT_FDCWD}
     * @param path native, with a final NUL
     * @param how an {@link OpenHow}, native; without {@code O_CLOEXEC} if the file goes into a slot
     * @param callback who is told
     */
    public OpenAt2(int directory, MemorySegment path, MemorySegment how, Callback callback) {
        super(callback, path, how);
        this.directory = directory;
        this.path = path;
        this.how = how;
    }

    /**
     * An open by a worker thread of the kernel's, which waits for a named pipe's other end.
     *
     * @param directory where a relative path starts, or {@code AT_FDCWD}
     * @param path native, with a final NUL
     * @param how an {@link OpenHow}, native
     * @param callback who is told
     * @return the operation
     */
    public static OpenAt2 waiting(int directory, MemorySegment path, MemorySegment how, Callback callback) {
        OpenAt2 operation = new OpenAt2(directory, path, how, callback);
        operation.byWorker();
        return operation;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), directory)
                .address(path.address())
                .length((int) OpenHow.SIZE)
                .offset(how.address())
                .fileIndex(fileIndex());
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
