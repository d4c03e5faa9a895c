package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Makes a symbolic link. The result is 0. */
public final class SymlinkAt extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("symlinkat", IoUringOp.IORING_OP_SYMLINKAT, "5.15",
            "symlinkat(2)",
            EnumSet.of(EACCES, EBADF, EDQUOT, EEXIST, EINTR, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOSPC,
                    ENOTDIR, EPERM, EROFS, ESTALE));

    private final MemorySegment target;
    private final int directory;
    private final MemorySegment path;

    /**
     * A link.
     *
     * @param target what the link says, native, with a final NUL
     * @param directory where a relative path starts, or {@code AT_FDCWD}
     * @param path native, with a final NUL
     * @param callback who is told
     */
    public SymlinkAt(MemorySegment target, int directory, MemorySegment path, Callback callback) {
        super(callback, target, path);
        this.target = target;
        this.directory = directory;
        this.path = path;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), directory).address(target.address()).offset(path.address());
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
