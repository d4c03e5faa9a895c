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
 * Receives a message: the address of its sender, several buffers, control data. The result is the number of bytes;
 * the rest is told by {@link Message}.
 */
public final class RecvMsg extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("recvmsg", IoUringOp.IORING_OP_RECVMSG, "5.3",
            "recvmsg(2)",
            EnumSet.of(EAGAIN, EBADF, ECONNREFUSED, ECONNRESET, EHOSTUNREACH, EINTR, EINVAL, ENETDOWN, ENETUNREACH,
                    ENOBUFS, ENOMEM, ENOTCONN, ENOTSOCK, EOPNOTSUPP, EPIPE, ETIMEDOUT));

    private final int socket;
    private final Message message;
    private final int messageFlags;

    /**
     * A receive; descriptors that arrive are closed on exec.
     *
     * @param socket a socket
     * @param message what to fill; its lengths are reset by each submission
     * @param messageFlags {@code MSG_*}, or 0
     * @param callback who is told
     */
    public RecvMsg(int socket, Message message, int messageFlags, Callback callback) {
        super(callback, message.memory());
        this.socket = socket;
        this.message = message;
        this.messageFlags = messageFlags;
    }

    @Override
    protected void prepare(Submission entry) {
        message.reset();
        entry.operation(KIND.opcode(), socket)
                .address(message.header().address())
                .length(1)
                .operationFlags(Sockets.MSG_CMSG_CLOEXEC | messageFlags);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
