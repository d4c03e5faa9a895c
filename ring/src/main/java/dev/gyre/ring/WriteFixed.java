package dev.gyre.ring;

import dev.gyre.linux.IoUringOp;
import java.lang.foreign.MemorySegment;

/**
 * Writes to a file from memory of {@link RegisteredBuffers}, whose pages the kernel has found and pinned once and for
 * all. The result is the number of bytes.
 */
public final class WriteFixed extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("write_fixed",
            IoUringOp.IORING_OP_WRITE_FIXED, "5.1", "io_uring_prep_write_fixed(3)", Write.KIND.errors());

    private final int fd;
    private final int index;
    private MemorySegment part;
    private long offset;

    /**
     * A write.
     *
     * @param fd open for writing
     * @param buffers registered with the same ring
     * @param index of the buffer
     * @param part what of the buffer is written, as a slice of {@link RegisteredBuffers#segment}
     * @param offset of the first byte in the file; -1 for the file's own position, or for what has none
     * @param callback who is told
     */
    public WriteFixed(
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
