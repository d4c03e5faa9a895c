package dev.gyre.ring;

import java.lang.foreign.MemorySegment;

/** An operation that moves bytes between a descriptor and one buffer. */
public abstract class Transfer extends Operation {
    /** The most that the kernel moves at once, in bytes (read(2), "On Linux"). */
    public static final long LENGTH_MAX = 0x7fff_f000L;

    private int fd;

    /**
     * For subclasses.
     *
     * @param fd the descriptor, or a slot of the loop's {@link FileTable}
     * @param buffer native
     * @param callback who is told
     */
    protected Transfer(int fd, MemorySegment buffer, Callback callback) {
        super(callback, buffer);
        this.fd = fd;
    }

    /**
     * New arguments, for an operation that is used again and is not in flight.
     *
     * @param newFd as in the constructor
     * @param newBuffer native
     */
    protected final void target(int newFd, MemorySegment newBuffer) {
        memory(0, newBuffer);
        fd = newFd;
    }

    /**
     * Begins to fill in a submission, for {@link #prepare}.
     *
     * @param entry the submission
     * @return the same, with operation, descriptor and buffer
     */
    protected final Submission begin(Submission entry) {
        MemorySegment buffer = memory(0);
        return entry.operation(kind().opcode(), fd)
                .address(buffer.address())
                .length((int) Math.min(buffer.byteSize(), LENGTH_MAX));
    }
}
