package dev.gyre.ring.socket;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.Errno;
import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Opening;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;

/**
 * Takes a connection from a listening socket. The result is its descriptor, closed on exec.
 *
 * <p>Linux also passes errors on that wait on the new socket, as accept(2) says under "Error handling"; they say
 * nothing about the listening one. {@link #isPassing} knows them, and they are tried again.
 */
public final class Accept extends Opening {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("accept", IoUringOp.IORING_OP_ACCEPT, "5.5",
            "accept4(2)",
            EnumSet.of(EAGAIN, EBADF, ECONNABORTED, EINTR, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSR,
                    ENOTSOCK, EOPNOTSUPP, EPERM, EPROTO, EPROTONOSUPPORT, ESOCKTNOSUPPORT, ETIMEDOUT));

    private static final Set<Errno> PASSING = Set.of(
            ECONNABORTED, EHOSTDOWN, EHOSTUNREACH, ENETDOWN, ENETUNREACH, ENONET, ENOPROTOOPT, EPROTO);

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

    /**
     * An accept that also tells who connected.
     *
     * @param socket listening
     * @param socketFlags {@code SOCK_NONBLOCK} or 0; {@code SOCK_CLOEXEC} is always set
     * @param address native memory for the peer's {@code sockaddr}, cut off where there is too little of it
     * @param addressLength 4 native bytes: the room for the address, replaced by its true length
     * @param callback who is told
     */
    public Accept(int socket, int socketFlags, MemorySegment address, MemorySegment addressLength, Callback callback) {
        super(callback, address, addressLength);
        this.socket = socket;
        this.socketFlags = socketFlags;
    }

    /**
     * Whether a failed accept says something about a connection that is gone, and nothing about the listening socket.
     *
     * @param result of an accept
     * @return true if the next accept may succeed at once
     */
    public static boolean isPassing(int result) {
        return result < 0 && Errno.of(-result).filter(PASSING::contains).isPresent();
    }

    @Override
    protected boolean retries(int value) {
        return super.retries(value) || isPassing(value);
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), socket)
                .operationFlags(direct() ? socketFlags : socketFlags | Sockets.SOCK_CLOEXEC)
                .fileIndex(fileIndex());
        if (memoryCount() > 0) {
            entry.address(memory(0).address()).offset(memory(1).address());
        }
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
