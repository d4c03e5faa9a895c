package dev.gyre.ring.wait;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/**
 * Changes what a {@link PollMultishot} waits for. The result is 0, or {@code -ENOENT} where that one is over.
 */
public final class PollUpdate extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("poll update", IoUringOp.IORING_OP_POLL_REMOVE, "5.13",
            "io_uring_prep_poll_update(3)", EnumSet.of(EALREADY, EINVAL, ENOENT));

    private final PollMultishot target;
    private final int events;

    /**
     * A change.
     *
     * @param target submitted to the same loop
     * @param events {@code POLLIN}, {@code POLLOUT} …
     * @param callback who is told
     */
    public PollUpdate(PollMultishot target, int events, Callback callback) {
        super(callback);
        this.target = target;
        this.events = events;
    }

    @Override
    protected void prepare(Submission entry) {
        target.events(events);
        entry.operation(KIND.opcode(), -1)
                .address(target.userData())
                .length(IoUringOp.IORING_POLL_UPDATE_EVENTS | IoUringOp.IORING_POLL_ADD_MULTI)
                .operationFlags(events);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
