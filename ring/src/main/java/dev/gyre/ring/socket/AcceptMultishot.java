package dev.gyre.ring.socket;

import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Opening;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;

/**
 * Takes connections from a listening socket, one after the other, with one submission. Each result is a descriptor,
 * closed on exec, or a slot.
 *
 * <p>The loop submits it again when the kernel has ended it without need. It is over with a cancellation or an error of
 * the listening socket or the process; after {@code EMFILE} and {@code ENFILE} it is the program's part to wait until
 * descriptors are free before it submits again.
 */
public final class AcceptMultishot extends Opening {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("accept multishot", IoUringOp.IORING_OP_ACCEPT, "5.19",
            "io_uring_prep_multishot_accept(3)", Accept.KIND.errors());

    private final int socket;
    private final int socketFlags;

    /**
     * An accept. With {@link #intoAnySlot} connections go into the file table; a slot of one's own choice would hold
     * only one.
     *
     * @param socket listening
     * @param socketFlags {@code SOCK_NONBLOCK} or 0; {@code SOCK_CLOEXEC} is always set
     * @param callback who is told of each
     */
    public AcceptMultishot(int socket, int socketFlags, Callback callback) {
        super(callback);
        this.socket = socket;
        this.socketFlags = socketFlags;
        persist();
    }

    /**
     * Not for this one: many connections do not fit into one slot.
     *
     * @param slot of no use
     */
    @Override
    public void intoSlot(int slot) {
        throw new AssertionError("many connections do not fit into one slot");
    }

    @Override
    protected Next next(int value) {
        if (value >= 0) {
            return Next.AGAIN;
        }
        return retries(value) || Accept.isPassing(value) ? Next.AGAIN_SILENTLY : Next.DONE;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), socket)
                .ioprio(IoUringOp.IORING_ACCEPT_MULTISHOT)
                .operationFlags(direct() ? socketFlags : socketFlags | Sockets.SOCK_CLOEXEC)
                .fileIndex(fileIndex());
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
