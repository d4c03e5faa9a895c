package dev.gyre.ring;

import dev.gyre.linux.IoUringOp;

/**
 * Reports each time a descriptor becomes ready.
 *
 * <p>The first callback comes at once if the descriptor is ready already, and after that one for every event (several
 * may be reported as one), with {@code POLL*} as the result. What is reported are events and not states: who wants to
 * wait must first have used up what was there, until {@code EAGAIN}. The operation stays in flight until it is
 * canceled, fails, or the kernel sees fit to end it; then it can be submitted again.
 */
public final class PollMultishot extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("poll multishot", IoUringOp.IORING_OP_POLL_ADD, "5.13",
            "io_uring_prep_poll_multishot(3)", Poll.KIND.errors());

    private final int fd;
    private final int events;

    /**
     * A wait for every event.
     *
     * @param fd what to wait for
     * @param events {@code POLLIN}, {@code POLLOUT} …; errors and hang-ups are always reported
     * @param callback who is told
     */
    public PollMultishot(int fd, int events, Callback callback) {
        super(callback);
        this.fd = fd;
        this.events = events;
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
