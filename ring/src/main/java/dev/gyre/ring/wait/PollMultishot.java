package dev.gyre.ring.wait;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;

/**
 * Tells again and again what a descriptor is ready for. Each result is {@code POLL*}, reported when something changes
 * (edge-triggered); the loop submits it again when the kernel has ended it without need. It is over with an error or a
 * cancellation.
 */
public final class PollMultishot extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("poll multishot", IoUringOp.IORING_OP_POLL_ADD, "5.13",
            "io_uring_prep_poll_multishot(3)", Poll.KIND.errors());

    private final int fd;
    private int events;

    /**
     * A wait.
     *
     * @param fd what to wait for
     * @param events {@code POLLIN}, {@code POLLOUT} …; errors and hang-ups are always reported
     * @param callback who is told of each
     */
    public PollMultishot(int fd, int events, Callback callback) {
        super(callback);
        this.fd = fd;
        this.events = events;
        persist();
    }

    /** Other events from now on, also when it is submitted again. */
    void events(int newEvents) {
        events = newEvents;
    }

    @Override
    protected Next next(int value) {
        if (value >= 0) {
            return Next.AGAIN;
        }
        return retries(value) ? Next.AGAIN_SILENTLY : Next.DONE;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), fd).length(IoUringOp.IORING_POLL_ADD_MULTI).operationFlags(events);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
