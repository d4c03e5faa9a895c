package dev.gyre.ring.socket;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Opening;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/** Makes a socket. The result is its descriptor, closed on exec. */
public final class Socket extends Opening {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("socket", IoUringOp.IORING_OP_SOCKET, "5.19",
            "socket(2)",
            EnumSet.of(EACCES, EAFNOSUPPORT, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM, EPROTONOSUPPORT,
                    EPROTOTYPE, ESOCKTNOSUPPORT));

    private final int family;
    private final int type;
    private final int protocol;

    /**
     * A new socket.
     *
     * @param family {@code AF_*}
     * @param type {@code SOCK_*}, perhaps with {@code SOCK_NONBLOCK}; {@code SOCK_CLOEXEC} is always set
     * @param protocol {@code IPPROTO_*}, or 0
     * @param callback who is told
     */
    public Socket(int family, int type, int protocol, Callback callback) {
        super(callback);
        this.family = family;
        this.type = type;
        this.protocol = protocol;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), family)
                .offset(direct() ? type : type | Sockets.SOCK_CLOEXEC)
                .length(protocol)
                .fileIndex(fileIndex());
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
