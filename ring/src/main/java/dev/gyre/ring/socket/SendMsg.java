package dev.gyre.ring.socket;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/**
 * Sends a message: to an address, from several buffers, with control data; without {@code SIGPIPE}. The result is the
 * number of bytes.
 */
public final class SendMsg extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("sendmsg", IoUringOp.IORING_OP_SENDMSG, "5.3",
            "sendmsg(2)",
            EnumSet.of(EACCES, EAFNOSUPPORT, EAGAIN, EALREADY, EBADF, ECONNREFUSED, ECONNRESET, EDESTADDRREQ,
                    EHOSTUNREACH, EINTR, EINVAL, EISCONN, EMSGSIZE, ENETDOWN, ENETUNREACH, ENOBUFS, ENOMEM, ENOTCONN,
                    ENOTSOCK, EOPNOTSUPP, EPERM, EPIPE, ETIMEDOUT));

    private final int socket;
    private final Message message;
    private final int messageFlags;

    /**
     * A send.
     *
     * @param socket a socket
     * @param message what to send
     * @param messageFlags {@code MSG_*}, or 0
     * @param callback who is told
     */
    public SendMsg(int socket, Message message, int messageFlags, Callback callback) {
        super(callback, message.memory());
        this.socket = socket;
        this.message = message;
        this.messageFlags = messageFlags;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), socket)
                .address(message.header().address())
                .length(1)
                .operationFlags(Sockets.MSG_NOSIGNAL | messageFlags);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
