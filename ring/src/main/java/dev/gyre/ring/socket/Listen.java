package dev.gyre.ring.socket;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/** Lets a socket take connections. The result is 0. */
public final class Listen extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("listen", IoUringOp.IORING_OP_LISTEN, "6.11",
            "listen(2)",
            EnumSet.of(EADDRINUSE, EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP));

    private final int socket;
    private final int backlog;

    /**
     * A listen.
     *
     * @param socket bound
     * @param backlog how many connections may wait to be accepted; the system's {@code somaxconn} limits it
     * @param callback who is told
     */
    public Listen(int socket, int backlog, Callback callback) {
        super(callback);
        this.socket = socket;
        this.backlog = backlog;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), socket).length(backlog);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
