package dev.gyre.ring;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Gives a socket its address. The result is 0. */
public final class Bind extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("bind", IoUringOp.IORING_OP_BIND, "6.11",
            "bind(2)",
            EnumSet.of(EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EBADF, EINVAL, ELOOP, ENAMETOOLONG, ENOENT,
                    ENOMEM, ENOTDIR, ENOTSOCK, EROFS));

    private final int socket;
    private final MemorySegment address;
    private final int addressLength;

    /**
     * A bind.
     *
     * @param socket without an address
     * @param address a {@code sockaddr} of the socket's family, native
     * @param addressLength its length in bytes
     * @param callback who is told
     */
    public Bind(int socket, MemorySegment address, int addressLength, Callback callback) {
        super(callback, address);
        this.socket = socket;
        this.address = address;
        this.addressLength = addressLength;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), socket).address(address.address()).offset(addressLength);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
