package dev.gyre.ring.wait;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.List;

/**
 * Waits until one of several futexes is woken, if all have the values that the caller saw. The result is the index of
 * that one, or {@code -EAGAIN} where a value is a different one.
 */
public final class FutexWaitv extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("futex waitv", IoUringOp.IORING_OP_FUTEX_WAITV, "6.7",
            "io_uring_prep_futex_waitv(3)",
            EnumSet.of(EAGAIN, EINTR, EINVAL, ENOMEM));

    private final MemorySegment elements;
    private final int count;

    /**
     * A wait.
     *
     * @param futexes each 4 native bytes, aligned; 1 to 128 of them
     * @param expected their values, 32 bits each
     * @param flags {@code FUTEX2_*}
     * @param callback who is told
     */
    public FutexWaitv(List<MemorySegment> futexes, int[] expected, int flags, Callback callback) {
        super(callback, futexes.toArray(MemorySegment[]::new));
        if (futexes.size() != expected.length) {
            throw new IllegalArgumentException(futexes.size() + " futexes have " + expected.length + " values");
        }
        count = expected.length;
        elements = Arena.ofAuto().allocate(dev.gyre.linux.layout.FutexWaitv.LAYOUT, count);
        for (int i = 0; i < count; i++) {
            long at = i * dev.gyre.linux.layout.FutexWaitv.SIZE;
            elements.set(ValueLayout.JAVA_LONG, at + dev.gyre.linux.layout.FutexWaitv.VAL,
                    Integer.toUnsignedLong(expected[i]));
            elements.set(ValueLayout.JAVA_LONG, at + dev.gyre.linux.layout.FutexWaitv.UADDR, futexes.get(i).address());
            elements.set(ValueLayout.JAVA_INT, at + dev.gyre.linux.layout.FutexWaitv.FLAGS, flags);
        }
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), 0).address(elements.address()).length(count);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
