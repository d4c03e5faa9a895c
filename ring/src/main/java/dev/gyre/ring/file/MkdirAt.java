package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Makes a directory. The result is 0. */
public final class MkdirAt extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("mkdirat", IoUringOp.IORING_OP_MKDIRAT, "5.15",
            "mkdirat(2)",
            EnumSet.of(EACCES, EBADF, EDQUOT, EEXIST, EINTR, EINVAL, EIO, ELOOP, EMLINK, ENAMETOOLONG, ENOENT, ENOMEM,
                    ENOSPC, ENOTDIR, EOPNOTSUPP, EPERM, EROFS, ESTALE));

    private final int directory;
    private final MemorySegment path;
    private final int mode;

    /**
     * A new directory.
     *
     * @param directory where a relative path starts, or {@code AT_FDCWD}
     * @param path native, with a final NUL
     * @param mode its permissions, which the process's mask limits
     * @param callback who is told
     */
    public MkdirAt(int directory, MemorySegment path, int mode, Callback callback) {
        super(callback, path);
        this.directory = directory;
        this.path = path;
        this.mode = mode;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), directory).address(path.address()).length(mode);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
