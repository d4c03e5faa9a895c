package dev.gyre.ring;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import java.util.EnumSet;

/** Takes a connection from a listening socket. The result is its descriptor, closed on exec. */
public final class Accept extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("accept", IoUringOp.IORING_OP_ACCEPT, "5.5",
            "accept4(2)",
            EnumSet.of(EAGAIN, EBADF, ECONNABORTED, EINTR, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOTSOCK,
                    EOPNOTSUPP, EPERM, EPROTO));

    private final int socket;
    private final int socketFlags;

    /**
     * An accept.
     *
     * @param socket listening
     * @param socketFlags {@code SOCK_NONBLOCK} or 0; {@code SOCK_CLOEXEC} is always set
     * @param callback who is told
     */
    public Accept(int socket, int socketFlags, Callback callback) {
        super(callback);
        this.socket = socket;
        this.socketFlags = socketFlags;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), socket).operationFlags(socketFlags | Sockets.SOCK_CLOEXEC);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
