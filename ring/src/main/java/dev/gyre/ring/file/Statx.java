package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Asks for the state of a file. The result is 0. */
public final class Statx extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("statx", IoUringOp.IORING_OP_STATX, "5.6", "statx(2)",
            EnumSet.of(EACCES, EBADF, EINTR, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EPERM,
                    ESTALE));

    private final int directory;
    private final MemorySegment path;
    private final int flags;
    private final int mask;
    private final MemorySegment state;

    /**
     * A question.
     *
     * @param directory where a relative path starts, or {@code AT_FDCWD}; with {@code AT_EMPTY_PATH} the file itself
     * @param path native, with a final NUL
     * @param flags {@code AT_*}
     * @param mask {@code STATX_*}: what is asked for
     * @param state native memory of the size of {@link dev.gyre.linux.layout.Statx}, to be filled
     * @param callback who is told
     */
    public Statx(int directory, MemorySegment path, int flags, int mask, MemorySegment state, Callback callback) {
        super(callback, path, state);
        this.directory = directory;
        this.path = path;
        this.flags = flags;
        this.mask = mask;
        this.state = state;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), directory)
                .address(path.address())
                .length(mask)
                .offset(state.address())
                .operationFlags(flags);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
