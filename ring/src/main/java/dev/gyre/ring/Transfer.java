package dev.gyre.ring;

import java.lang.foreign.MemorySegment;

/** An operation that moves bytes between a descriptor and one buffer. */
abstract sealed class Transfer extends Operation permits Recv, Send, Read, Write {
    /** The most that the kernel moves at once (read(2), "On Linux"). */
    static final long LENGTH_MAX = 0x7fff_f000L;

    private int fd;

    Transfer(int fd, MemorySegment buffer, Callback callback) {
        super(callback, buffer);
        this.fd = fd;
    }

    /** New arguments, for an operation that is used again. */
    final void target(int newFd, MemorySegment newBuffer) {
        memory(0, newBuffer);
        fd = newFd;
    }

    final Submission begin(Submission entry) {
        MemorySegment buffer = memory(0);
        return entry.operation(kind().opcode(), fd)
                .address(buffer.address())
                .length((int) Math.min(buffer.byteSize(), LENGTH_MAX));
    }
}
