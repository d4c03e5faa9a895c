package dev.gyre.ring.file;

import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.RegisteredBuffers;
import java.lang.foreign.MemorySegment;

/**
 * Reads from a file into memory of {@link RegisteredBuffers}, whose pages the kernel has found and pinned once and for
 * all. The result is the number of bytes, 0 at the end of the file.
 */
public final class ReadFixed extends FixedTransfer {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("read_fixed",
            IoUringOp.IORING_OP_READ_FIXED, "5.1", "io_uring_prep_read_fixed(3)", Read.KIND.errors());

    /**
     * A read.
     *
     * @param fd open for reading
     * @param buffers registered with the same ring
     * @param index of the buffer
     * @param part what of the buffer is filled, as a slice of {@link RegisteredBuffers#segment}
     * @param offset of the first byte in the file; -1 for the file's own position, or for what has none
     * @param callback who is told
     * @throws IllegalArgumentException if the part does not lie within the buffer
     */
    public ReadFixed(
            int fd, RegisteredBuffers buffers, int index, MemorySegment part, long offset, Callback callback) {
        super(fd, buffers, index, part, offset, callback);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
