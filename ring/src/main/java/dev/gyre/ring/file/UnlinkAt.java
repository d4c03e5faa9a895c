package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Removes a name, or an empty directory. The result is 0. */
public final class UnlinkAt extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("unlinkat", IoUringOp.IORING_OP_UNLINKAT, "5.11",
            "unlinkat(2)",
            EnumSet.of(EACCES, EBADF, EBUSY, EEXIST, EINTR, EINVAL, EIO, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM,
                    ENOTDIR, ENOTEMPTY, EPERM, EROFS, ESTALE, ETXTBSY));

    private final int directory;
    private final MemorySegment path;
    private final int flags;

    /**
     * A removal.
     *
     * @param directory where a relative path starts, or {@code AT_FDCWD}
     * @param path native, with a final NUL
     * @param flags {@code AT_REMOVEDIR} for a directory, or 0
     * @param callback who is told
     */
    public UnlinkAt(int directory, MemorySegment path, int flags, Callback callback) {
        super(callback, path);
        this.directory = directory;
        this.path = path;
        this.flags = flags;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), directory).address(path.address()).operationFlags(flags);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
