package dev.gyre.ring.file;

import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.Submission;
import dev.gyre.ring.Vector;

/** An operation that moves bytes between a file and several buffers. */
abstract sealed class VectorTransfer extends Operation permits Readv, Writev {
    private final int fd;
    private final Vector buffers;
    private final long offset;
    private final int flags;

    VectorTransfer(int fd, Vector buffers, long offset, int flags, Callback callback) {
        super(callback, buffers.memory());
        this.fd = fd;
        this.buffers = buffers;
        this.offset = offset;
        this.flags = flags;
    }

    @Override
    protected final void prepare(Submission entry) {
        entry.operation(kind().opcode(), fd)
                .address(buffers.elements().address())
                .length(buffers.count())
                .offset(offset)
                .operationFlags(flags);
    }
}
