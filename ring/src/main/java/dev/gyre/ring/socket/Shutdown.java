package dev.gyre.ring.socket;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/** Ends one or both directions of a connection. The result is 0. */
public final class Shutdown extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("shutdown", IoUringOp.IORING_OP_SHUTDOWN, "5.11",
            "shutdown(2)",
            EnumSet.of(EBADF, EINVAL, ENOTCONN, ENOTSOCK));

    private final int socket;
    private final int how;

    /**
     * A shutdown.
     *
     * @param socket connected
     * @param how {@code SHUT_RD}, {@code SHUT_WR} or {@code SHUT_RDWR}
     * @param callback who is told
     */
    public Shutdown(int socket, int how, Callback callback) {
        super(callback);
        this.socket = socket;
        this.how = how;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), socket).length(how);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
