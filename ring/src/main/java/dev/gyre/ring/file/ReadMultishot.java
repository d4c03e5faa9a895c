package dev.gyre.ring.file;

import dev.gyre.linux.Errno;
import dev.gyre.linux.IoUring;
import dev.gyre.linux.IoUringOp;
import dev.gyre.ring.BufferRing;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;

/**
 * Reads from a pipe, an eventfd or a terminal again and again, each time into a buffer of a {@link BufferRing}. Regular
 * files are refused with {@code EBADFD}. The loop submits it again when the kernel has ended it without need, and when
 * buffers are back; it is over with the end of the file (result 0), an error or a cancellation.
 */
public final class ReadMultishot extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("read multishot", IoUringOp.IORING_OP_READ_MULTISHOT,
            "6.7", "io_uring_prep_read_multishot(3)", Read.KIND.errors());

    private final int fd;
    private final BufferRing buffers;

    /**
     * A read.
     *
     * @param fd open for reading
     * @param buffers of the same ring
     * @param callback who is told of each
     */
    public ReadMultishot(int fd, BufferRing buffers, Callback callback) {
        super(callback);
        this.fd = fd;
        this.buffers = buffers;
        persist();
    }

    @Override
    protected Next next(int value) {
        if (value > 0) {
            return Next.AGAIN;
        }
        if (value == -Errno.ENOBUFS.code()) {
            return fed() ? Next.AGAIN_SILENTLY : Next.STARVED;
        }
        return retries(value) ? Next.AGAIN_SILENTLY : Next.DONE;
    }

    @Override
    protected boolean fed() {
        return buffers.taken() < buffers.count();
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), fd)
                .flags(IoUring.IOSQE_BUFFER_SELECT)
                .offset(-1)
                .bufferGroup(buffers.group());
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
