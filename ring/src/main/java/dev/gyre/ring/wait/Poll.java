package dev.gyre.ring.wait;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.util.EnumSet;

/** Waits until a descriptor is ready. The result is what it is ready for, {@code POLL*}. */
public final class Poll extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("poll", IoUringOp.IORING_OP_POLL_ADD, "5.1", "poll(2)",
            EnumSet.of(EBADF, EINVAL, ENOMEM));

    private final int fd;
    private final int events;

    /**
     * A wait.
     *
     * @param fd what to wait for
     * @param events {@code POLLIN}, {@code POLLOUT} …; errors and hang-ups are always reported
     * @param callback who is told
     */
    public Poll(int fd, int events, Callback callback) {
        super(callback);
        this.fd = fd;
        this.events = events;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), fd).operationFlags(events);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
