package dev.gyre.ring.socket;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import dev.gyre.ring.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Sends on a socket, without {@code SIGPIPE}. The result is the number of bytes, which may be less than all. */
public final class Send extends Transfer {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("send", IoUringOp.IORING_OP_SEND, "5.6", "send(2)",
            EnumSet.of(EACCES, EAGAIN, EAFNOSUPPORT, EALREADY, EBADF, ECONNRESET, EHOSTUNREACH, EINTR, EMSGSIZE,
                    ENETDOWN, ENETUNREACH, ENOBUFS, ENOMEM, ENOTCONN, ENOTSOCK, EOPNOTSUPP, EPERM, EPIPE, ETIMEDOUT));

    private int messageFlags;

    /**
     * A send.
     *
     * @param socket a connected socket
     * @param buffer native; at most 0x7ffff000 bytes of it are sent
     * @param callback who is told
     */
    public Send(int socket, MemorySegment buffer, Callback callback) {
        super(socket, buffer, callback);
    }

    /**
     * New arguments, for a send that is used again.
     *
     * @param socket a connected socket
     * @param buffer native
     * @param newMessageFlags {@code MSG_*}, for instance {@code MSG_MORE}, or 0
     * @return this
     */
    public Send to(int socket, MemorySegment buffer, int newMessageFlags) {
        target(socket, buffer);
        messageFlags = newMessageFlags;
        return this;
    }

    @Override
    protected void prepare(Submission entry) {
        begin(entry).operationFlags(Sockets.MSG_NOSIGNAL | messageFlags);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
