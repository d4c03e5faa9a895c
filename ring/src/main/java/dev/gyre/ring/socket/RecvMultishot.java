package dev.gyre.ring.socket;

import dev.gyre.linux.Errno;
import dev.gyre.linux.IoUring;
import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import dev.gyre.ring.BufferRing;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;

/**
 * Receives from a socket again and again, each time into a buffer of a {@link BufferRing}.
 *
 * <p>The callback comes for every arrival; the operation stays in flight until one without more to follow: the end of
 * the stream (result 0), an error, {@code -ENOBUFS} when no buffer is left, or when the kernel sees fit, and then it
 * can be submitted again. One that {@link #rearms} does so by itself, and is over only with the end of the stream, an
 * error or a cancellation; where no buffer is left, it waits until one is given back.
 */
public final class RecvMultishot extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("recv multishot", IoUringOp.IORING_OP_RECV, "6.0",
            "io_uring_prep_recv_multishot(3)", Recv.KIND.errors());

    private final int socket;
    private final BufferRing buffers;
    private boolean bundles;

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

    /**
     * Lets the loop submit it again when the kernel has ended it without need.
     *
     * @return this
     */
    public RecvMultishot rearms() {
        persist();
        return this;
    }

    /**
     * Lets one completion fill several buffers that follow one another, see {@link BufferRing#bundle}.
     *
     * @return this
     * @throws UnsupportedOperationException before kernel 6.10
     */
    public RecvMultishot bundles() {
        if (!buffers.bundlesSupported()) {
            throw new UnsupportedOperationException("Linux has bundles of buffers from 6.10 on");
        }
        bundles = true;
        return this;
    }

    @Override
    protected Next next(int value) {
        if (value > 0) {
            return Next.AGAIN;
        }
        if (value == -Errno.ENOBUFS.code()) {
            return fed() ? Next.AGAIN_SILENTLY : Next.STARVED;
        }
        return retries(value) ? Next.AGAIN_SILENTLY : Next.DONE;
    }

    @Override
    protected boolean fed() {
        return buffers.taken() < buffers.count();
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), socket)
                .flags(IoUring.IOSQE_BUFFER_SELECT)
                .ioprio(IoUringOp.IORING_RECV_MULTISHOT | IoUringOp.IORING_RECVSEND_POLL_FIRST
                        | (bundles ? IoUringOp.IORING_RECVSEND_BUNDLE : 0))
                .operationFlags(Sockets.MSG_NOSIGNAL)
                .bufferGroup(buffers.group());
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
