package dev.gyre.ring.wait;

import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.Submission;
import java.lang.foreign.MemorySegment;

/** An operation on a futex. */
abstract sealed class FutexOperation extends Operation permits FutexWait, FutexWake {
    private final MemorySegment futex;
    private final long value;
    private final long mask;
    private final int flags;

    FutexOperation(MemorySegment futex, long value, long mask, int flags, Callback callback) {
        super(callback, futex);
        this.futex = futex;
        this.value = value;
        this.mask = mask;
        this.flags = flags;
    }

    @Override
    protected final void prepare(Submission entry) {
        entry.operation(kind().opcode(), flags)
                .address(futex.address())
                .offset(value)
                .thirdAddress(Integer.toUnsignedLong((int) mask));
    }
}
