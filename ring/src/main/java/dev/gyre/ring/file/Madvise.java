package dev.gyre.ring.file;

import static dev.gyre.linux.Errno.*;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Tells how memory will be used. The result is 0. */
public final class Madvise extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("madvise", IoUringOp.IORING_OP_MADVISE, "5.6",
            "madvise(2)",
            EnumSet.of(EACCES, EAGAIN, EBADF, EINVAL, EIO, ENOMEM, EPERM));

    private final MemorySegment memory;
    private final int length;
    private final int advice;

    /**
     * An advice.
     *
     * @param memory native, from the start of a page on; less than 2 GiB
     * @param advice {@code MADV_*}
     * @param callback who is told
     */
    public Madvise(MemorySegment memory, int advice, Callback callback) {
        super(callback, memory);
        this.memory = memory;
        length = Math.toIntExact(memory.byteSize());
        this.advice = advice;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), -1)
                .address(memory.address())
                .length(length)
                .operationFlags(advice);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
