package dev.gyre.ring.socket;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Connects a socket. The result is 0. */
public final class Connect extends Addressing {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("connect", IoUringOp.IORING_OP_CONNECT, "5.5",
            "connect(2)",
            EnumSet.of(EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EALREADY, EBADF, ECONNABORTED,
                    ECONNREFUSED, ECONNRESET, EHOSTDOWN, EHOSTUNREACH, EINPROGRESS, EINTR, EISCONN, ELOOP,
                    ENAMETOOLONG, ENETDOWN, ENETUNREACH, ENOENT, ENOMEM, ENOTDIR, ENOTSOCK, EPERM, EPROTOTYPE,
                    ETIMEDOUT));

    /**
     * A connect.
     *
     * @param socket not connected
     * @param address a {@code sockaddr} of the socket's family, native
     * @param addressLength its length in bytes
     * @param callback who is told
     */
    public Connect(int socket, MemorySegment address, int addressLength, Callback callback) {
        super(socket, address, addressLength, callback);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
