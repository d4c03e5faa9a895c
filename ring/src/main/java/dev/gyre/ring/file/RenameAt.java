package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Renames. The result is 0. */
public final class RenameAt extends TwoPaths {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("renameat", IoUringOp.IORING_OP_RENAMEAT, "5.11",
            "renameat2(2)",
            EnumSet.of(EACCES, EBADF, EBUSY, EDQUOT, EEXIST, EINTR, EINVAL, EIO, EISDIR, ELOOP, EMLINK, ENAMETOOLONG,
                    ENOENT, ENOMEM, ENOSPC, ENOTDIR, ENOTEMPTY, EPERM, EROFS, ESTALE, EXDEV));

    /**
     * A new name.
     *
     * @param oldDirectory where a relative old path starts, or {@code AT_FDCWD}
     * @param oldPath native, with a final NUL
     * @param newDirectory where a relative new path starts, or {@code AT_FDCWD}
     * @param newPath native, with a final NUL
     * @param flags {@code RENAME_*}, or 0
     * @param callback who is told
     */
    public RenameAt(int oldDirectory, MemorySegment oldPath, int newDirectory, MemorySegment newPath, int flags,
            Callback callback) {
        super(oldDirectory, oldPath, newDirectory, newPath, flags, callback);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
