package dev.gyre.ring.file;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.RegisteredBuffers;
import java.lang.foreign.MemorySegment;

/**
 * Writes to a file from memory of {@link RegisteredBuffers}, whose pages the kernel has found and pinned once and for
 * all. The result is the number of bytes.
 */
public final class WriteFixed extends FixedTransfer {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("write_fixed",
            IoUringOp.IORING_OP_WRITE_FIXED, "5.1", "io_uring_prep_write_fixed(3)", Write.KIND.errors());

    /**
     * A write.
     *
     * @param fd open for writing
     * @param buffers registered with the same ring
     * @param index of the buffer
     * @param part what of the buffer is written, as a slice of {@link RegisteredBuffers#segment}
     * @param offset of the first byte in the file; -1 for the file's own position, or for what has none
     * @param callback who is told
     * @throws IllegalArgumentException if the part does not lie within the buffer
     */
    public WriteFixed(
            int fd, RegisteredBuffers buffers, int index, MemorySegment part, long offset, Callback callback) {
        super(fd, buffers, index, part, offset, callback);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
