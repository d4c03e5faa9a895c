package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Makes a hard link. The result is 0. */
public final class LinkAt extends TwoPaths {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("linkat", IoUringOp.IORING_OP_LINKAT, "5.15",
            "linkat(2)",
            EnumSet.of(EACCES, EBADF, EDQUOT, EEXIST, EINTR, EINVAL, EIO, ELOOP, EMLINK, ENAMETOOLONG, ENOENT, ENOMEM,
                    ENOSPC, ENOTDIR, EPERM, EROFS, ESTALE, EXDEV));

    /**
     * A second name.
     *
     * @param oldDirectory where a relative old path starts, or {@code AT_FDCWD}
     * @param oldPath native, with a final NUL
     * @param newDirectory where a relative new path starts, or {@code AT_FDCWD}
     * @param newPath native, with a final NUL
     * @param flags {@code AT_SYMLINK_FOLLOW}, {@code AT_EMPTY_PATH}, or 0
     * @param callback who is told
     */
    public LinkAt(int oldDirectory, MemorySegment oldPath, int newDirectory, MemorySegment newPath, int flags,
            Callback callback) {
        super(oldDirectory, oldPath, newDirectory, newPath, flags, callback);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
