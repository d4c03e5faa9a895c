package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUring;
import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.FileTable;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/**
 * Makes an ordinary descriptor of a file in a {@link FileTable}, closed on exec. The result is the descriptor; the
 * slot keeps its file.
 */
public final class InstallDescriptor extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind(
            "fixed fd install", IoUringOp.IORING_OP_FIXED_FD_INSTALL, "6.8",
            "io_uring_prep_fixed_fd_install(3)",
            EnumSet.of(EBADF, EINVAL, EMFILE, ENFILE, ENOMEM));

    private final int from;

    /**
     * An installation.
     *
     * @param from a slot of the loop's file table
     * @param callback who is told
     */
    public InstallDescriptor(int from, Callback callback) {
        super(callback);
        this.from = from;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), from).flags(IoUring.IOSQE_FIXED_FILE);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
