package dev.gyre.ring;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.EnumSet;

/**
 * Limits the time of the operation before it in a {@link Chain}, by {@code CLOCK_MONOTONIC}.
 *
 * <p>The result is {@code -ETIME} if the time was over first; that operation then ends with {@code ECANCELED}. It is
 * {@code -ECANCELED} if the operation was faster, or never began, and {@code -EALREADY} or {@code -ENOENT} if the time
 * was over just when the operation could no longer be stopped.
 */
public final class LinkTimeout extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("link timeout", IoUringOp.IORING_OP_LINK_TIMEOUT, "5.5",
            "io_uring_prep_link_timeout(3)", EnumSet.of(EALREADY, EINVAL, ENOENT, ETIME));

    private final MemorySegment time;

    /**
     * A limit.
     *
     * @param duration 0 or more, from the beginning of the operation on
     * @param callback who is told
     */
    public LinkTimeout(Duration duration, Callback callback) {
        super(callback);
        time = Timeout.timespec(duration);
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), -1).address(time.address()).length(1);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
