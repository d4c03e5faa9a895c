package dev.gyre.ring.socket;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUring;
import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import dev.gyre.ring.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Receives from a socket. The result is the number of bytes, 0 at the end of the stream. */
public final class Recv extends Transfer {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("recv", IoUringOp.IORING_OP_RECV, "5.6", "recv(2)",
            EnumSet.of(EAGAIN, EBADF, ECONNREFUSED, ECONNRESET, EHOSTUNREACH, EINTR, ENETDOWN, ENETUNREACH, ENOBUFS,
                    ENOMEM, ENOTCONN, ENOTSOCK, EPIPE, ETIMEDOUT));

    private boolean pollFirst;

    /**
     * A receive.
     *
     * @param socket a connected socket
     * @param buffer native, writable; at most 0x7ffff000 bytes of it are filled
     * @param callback who is told
     */
    public Recv(int socket, MemorySegment buffer, Callback callback) {
        super(socket, buffer, callback);
    }

    /**
     * New arguments, for a receive that is used again.
     *
     * @param socket a connected socket
     * @param buffer native, writable
     * @param newPollFirst whether to wait for data without looking for it first, which spares a futile attempt where
     *     none is expected; {@code IORING_RECVSEND_POLL_FIRST}, kernel 5.19
     * @return this
     */
    public Recv from(int socket, MemorySegment buffer, boolean newPollFirst) {
        target(socket, buffer);
        pollFirst = newPollFirst;
        return this;
    }

    /**
     * Whether the latest completion left data in the socket.
     *
     * @return {@code IORING_CQE_F_SOCK_NONEMPTY}, kernel 5.19
     */
    public boolean socketHasMore() {
        return (flags() & IoUring.IORING_CQE_F_SOCK_NONEMPTY) != 0;
    }

    @Override
    protected void prepare(Submission entry) {
        begin(entry)
                .ioprio(pollFirst ? IoUringOp.IORING_RECVSEND_POLL_FIRST : 0)
                .operationFlags(Sockets.MSG_NOSIGNAL);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
