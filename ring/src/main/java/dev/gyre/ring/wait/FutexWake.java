package dev.gyre.ring.wait;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Wakes those who wait for a futex. The result is how many it were. */
public final class FutexWake extends FutexOperation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("futex wake", IoUringOp.IORING_OP_FUTEX_WAKE, "6.7",
            "io_uring_prep_futex_wake(3)",
            EnumSet.of(EINVAL));

    /**
     * A wake.
     *
     * @param futex 4 native bytes, aligned
     * @param count at most so many, 1 or more
     * @param mask which waits to wake: {@link dev.gyre.linux.Futex#FUTEX_BITSET_MATCH_ANY} for all; 32 bits
     * @param flags {@code FUTEX2_*}
     * @param callback who is told
     */
    public FutexWake(MemorySegment futex, long count, long mask, int flags, Callback callback) {
        super(futex, count, mask, flags, callback);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
