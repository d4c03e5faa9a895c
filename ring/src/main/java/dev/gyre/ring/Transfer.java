package dev.gyre.ring;

import java.lang.foreign.MemorySegment;

/** An operation that moves bytes between a descriptor and one buffer. */
abstract sealed class Transfer extends Operation permits Recv, Send, Read, Write {
    /** The most that the kernel moves at once (read(2), "On Linux"). */
    static final long LENGTH_MAX = 0x7fff_f000L;

    private int fd;

    /** Kept so that memory of an automatic arena stays reachable until the completion. */
    private MemorySegment buffer;

    Transfer(int fd, MemorySegment buffer, Callback callback) {
        super(callback);
        this.fd = fd;
        this.buffer = requireNative(buffer);
    }

    /** New arguments, for an operation that is used again. */
    final void target(int newFd, MemorySegment newBuffer) {
        Assert.that(!isInFlight(), "the arguments of an operation in flight do not change");
        fd = newFd;
        buffer = requireNative(newBuffer);
    }

    final Submission begin(Submission entry) {
        return entry.operation(kind().opcode(), fd)
                .address(buffer.address())
                .length((int) Math.min(buffer.byteSize(), LENGTH_MAX));
    }

    private static MemorySegment requireNative(MemorySegment buffer) {
        if (!buffer.isNative()) {
            throw new IllegalArgumentException(
                    "the kernel cannot reach heap memory: allocate the buffer from an Arena");
        }
        return buffer;
    }
}
