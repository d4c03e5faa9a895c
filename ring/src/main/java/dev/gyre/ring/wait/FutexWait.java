package dev.gyre.ring.wait;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/**
 * Waits until a futex is woken, if it still has the value that the caller saw. The result is 0, or {@code -EAGAIN}
 * where the value is a different one.
 */
public final class FutexWait extends FutexOperation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("futex wait", IoUringOp.IORING_OP_FUTEX_WAIT, "6.7",
            "io_uring_prep_futex_wait(3)",
            EnumSet.of(EAGAIN, EINTR, EINVAL));

    /**
     * A wait.
     *
     * @param futex 4 native bytes, aligned
     * @param expected the value, 32 bits
     * @param mask which wakes to heed: {@link dev.gyre.linux.Futex#FUTEX_BITSET_MATCH_ANY} for all; 32 bits
     * @param flags {@code FUTEX2_*}
     * @param callback who is told
     */
    public FutexWait(MemorySegment futex, long expected, long mask, int flags, Callback callback) {
        super(futex, expected, mask, flags, callback);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
