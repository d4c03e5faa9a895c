package dev.gyre.ring.file;

import dev.gyre.linux.Assert;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.RegisteredBuffers;
import dev.gyre.ring.Submission;
import dev.gyre.ring.Transfer;
import java.lang.foreign.MemorySegment;

/** An operation that moves bytes between a file and memory of {@link RegisteredBuffers}. */
abstract sealed class FixedTransfer extends Operation permits ReadFixed, WriteFixed {
    private final int fd;
    private final int index;
    private MemorySegment part;
    private long offset;

    FixedTransfer(int fd, RegisteredBuffers buffers, int index, MemorySegment part, long offset, Callback callback) {
        super(callback, buffers.segment(index));
        this.fd = fd;
        this.index = index;
        this.part = requirePart(part);
        this.offset = offset;
    }

    /**
     * New arguments, for a use once more.
     *
     * @param newPart of the same buffer
     * @param newOffset in the file
     * @throws IllegalArgumentException if the part does not lie within the buffer
     */
    public final void target(MemorySegment newPart, long newOffset) {
        Assert.that(!isInFlight(), "the arguments of an operation in flight do not change");
        part = requirePart(newPart);
        offset = newOffset;
    }

    @Override
    protected final void prepare(Submission entry) {
        entry.operation(kind().opcode(), fd)
                .address(part.address())
                .length((int) Math.min(part.byteSize(), Transfer.LENGTH_MAX))
                .offset(offset)
                .bufferGroup(index);
    }

    private MemorySegment requirePart(MemorySegment some) {
        MemorySegment buffer = memory(0);
        long start = some.address() - buffer.address();
        if (!some.isNative() || start < 0 || some.byteSize() > buffer.byteSize() - start) {
            throw new IllegalArgumentException("the part is a slice of registered buffer " + index);
        }
        return some;
    }
}
