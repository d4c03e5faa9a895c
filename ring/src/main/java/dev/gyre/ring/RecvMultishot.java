package dev.gyre.ring;

import dev.gyre.linux.IoUring;
import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;

/**
 * Receives from a socket again and again, each time into a buffer of a {@link BufferRing}.
 *
 * <p>The callback comes for every arrival; the operation stays in flight until one without more to follow: the end of
 * the stream (result 0), an error, {@code -ENOBUFS} when no buffer is left, or when the kernel sees fit, and then it
 * can be submitted again.
 */
public final class RecvMultishot extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("recv multishot", IoUringOp.IORING_OP_RECV, "6.0",
            "io_uring_prep_recv_multishot(3)", Recv.KIND.errors());

    private final int socket;
    private final BufferRing buffers;

    /**
     * A receive.
     *
     * @param socket a connected socket
     * @param buffers of the same ring
     * @param callback who is told
     */
    public RecvMultishot(int socket, BufferRing buffers, Callback callback) {
        super(callback);
        this.socket = socket;
        this.buffers = buffers;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), socket)
                .flags(IoUring.IOSQE_BUFFER_SELECT)
                .ioprio(IoUringOp.IORING_RECV_MULTISHOT | IoUringOp.IORING_RECVSEND_POLL_FIRST)
                .operationFlags(Sockets.MSG_NOSIGNAL)
                .bufferGroup(buffers.group());
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
