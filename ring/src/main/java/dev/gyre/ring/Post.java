package dev.gyre.ring;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUring;
import dev.gyre.linux.IoUringOp;
import java.util.EnumSet;

/**
 * Sends a number to another loop. The result is 0 when it is in that loop's completion queue, {@code -EBADF} if that
 * loop is closed, or {@code -EOWNERDEAD} if its thread is gone.
 */
public final class Post extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("msg_ring", IoUringOp.IORING_OP_MSG_RING, "6.3",
            "io_uring_prep_msg_ring(3)", EnumSet.of(EBADF, EBADFD, EINVAL, ENOMEM, EOVERFLOW, EOWNERDEAD));

    private final Inbox inbox;
    private final int value;
    private boolean borrowed;

    /**
     * A message.
     *
     * @param inbox whose; not that of the loop that sends
     * @param value the result with which the inbox's callback runs
     * @param callback who is told that it was sent
     */
    public Post(Inbox inbox, int value, Callback callback) {
        super(callback);
        this.inbox = inbox;
        this.value = value;
    }

    @Override
    protected void prepare(Submission entry) {
        int ring = inbox.borrow();
        borrowed = ring >= 0;
        entry.operation(KIND.opcode(), ring)
                .length(value)
                .offset(inbox.userData())
                .operationFlags(IoUringOp.IORING_MSG_RING_FLAGS_PASS)
                .fileIndex(IoUring.IORING_CQE_F_MORE);
    }

    @Override
    void landed() {
        super.landed();
        if (borrowed) {
            borrowed = false;
            inbox.giveBack();
        }
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
