package dev.gyre.ring.socket;

import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;

/** Sends a message on a TCP or UDP socket as {@link ZeroCopy} says. The result is the number of bytes. */
public final class SendMsgZeroCopy extends ZeroCopy {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("sendmsg_zc", IoUringOp.IORING_OP_SENDMSG_ZC, "6.1",
            "io_uring_prep_sendmsg_zc(3)", SendMsg.KIND.errors());

    private final int socket;
    private final Message message;

    /**
     * A send.
     *
     * @param socket a socket
     * @param message what to send
     * @param callback who is told, twice
     */
    public SendMsgZeroCopy(int socket, Message message, Callback callback) {
        super(callback, message.memory());
        this.socket = socket;
        this.message = message;
    }

    @Override
    protected void prepare(Submission entry) {
        begin();
        entry.operation(KIND.opcode(), socket)
                .address(message.header().address())
                .length(1)
                .ioprio(IoUringOp.IORING_SEND_ZC_REPORT_USAGE)
                .operationFlags(Sockets.MSG_NOSIGNAL);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
