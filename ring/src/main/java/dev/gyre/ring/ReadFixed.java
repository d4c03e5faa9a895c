package dev.gyre.ring;

import dev.gyre.linux.IoUringOp;
import java.lang.foreign.MemorySegment;

/**
 * Reads from a file into memory of {@link RegisteredBuffers}, whose pages the kernel has found and pinned once and for
 * all. The result is the number of bytes, 0 at the end of the file.
 */
public final class ReadFixed extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("read_fixed",
            IoUringOp.IORING_OP_READ_FIXED, "5.1", "io_uring_prep_read_fixed(3)", Read.KIND.errors());

    private final int fd;
    private final int index;
    private MemorySegment part;
    private long offset;

    /**
     * A read.
     *
     * @param fd open for reading
     * @param buffers registered with the same ring
     * @param index of the buffer
     * @param part what of the buffer is filled, as a slice of {@link RegisteredBuffers#segment}
     * @param offset of the first byte in the file; -1 for the file's own position, or for what has none
     * @param callback who is told
     */
    public ReadFixed(
            int fd, RegisteredBuffers buffers, int index, MemorySegment part, long offset, Callback callback) {
        super(callback, buffers.segment(index));
        this.fd = fd;
        this.index = index;
        this.part = part;
        this.offset = offset;
    }

    /**
     * New arguments, for a use once more.
     *
     * @param newPart of the same buffer
     * @param newOffset in the file
     */
    public void target(MemorySegment newPart, long newOffset) {
        Assert.that(!isInFlight(), "the arguments of an operation in flight do not change");
        part = newPart;
        offset = newOffset;
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), fd)
                .address(part.address())
                .length((int) Math.min(part.byteSize(), Transfer.LENGTH_MAX))
                .offset(offset)
                .bufferGroup(index);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
