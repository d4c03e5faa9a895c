package dev.gyre.ring.socket;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Gives a socket its address. The result is 0. */
public final class Bind extends Addressing {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("bind", IoUringOp.IORING_OP_BIND, "6.11",
            "bind(2)",
            EnumSet.of(EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EBADF, EINVAL, ELOOP, ENAMETOOLONG, ENOENT,
                    ENOMEM, ENOTDIR, ENOTSOCK, EROFS));

    /**
     * A bind.
     *
     * @param socket without an address
     * @param address a {@code sockaddr} of the socket's family, native
     * @param addressLength its length in bytes
     * @param callback who is told
     */
    public Bind(int socket, MemorySegment address, int addressLength, Callback callback) {
        super(socket, address, addressLength, callback);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
