package dev.gyre.posix;

import static dev.gyre.io.ErrorNumber.EFAULT;

import dev.gyre.io.spi.SharedArena;
import java.lang.foreign.MemorySegment;

/** What memory, and what part of a file, an operation takes. */
final class Buffers {
    private Buffers() {}

    /** Refuses what is no memory any more, or another thread's, and keeps what is shared until the use is closed. */
    static SharedArena.Use useToRead(MemorySegment buffer) {
        if (!buffer.scope().isAlive()) {
            throw new IllegalStateException("the buffer's arena is closed");
        }
        if (!buffer.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException("the buffer belongs to another thread: its arena is confined");
        }
        return SharedArena.use(buffer);
    }

    /** Refuses memory that nobody may write to, as well. */
    static SharedArena.Use useToWrite(MemorySegment buffer) {
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException("the buffer to read into is read-only");
        }
        return useToRead(buffer);
    }

    /**
     * What a fault during a call means. Where a copy of ours touches what is not there, because a mapped file became
     * shorter, the virtual machine throws this; where the kernel does, it answers the same as here.
     *
     * @return the negated error number; where the fault is another one, it is thrown again
     */
    static int faulted(MemorySegment buffer, InternalError fault) {
        if (buffer.isMapped() && String.valueOf(fault.getMessage()).contains("memory access")) {
            return -EFAULT.code();
        }
        throw fault;
    }

    /** Refuses what is no offset. */
    private static void requireOffset(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("offset " + offset + " is negative");
        }
    }

    /** What of a buffer lies before the last offset that there is: the kernel refuses the rest together with it. */
    static MemorySegment beforeLastOffset(MemorySegment buffer, long offset) {
        long length = requireRange(offset, buffer.byteSize());
        return length == buffer.byteSize() ? buffer : buffer.asSlice(0, length);
    }

    /**
     * Refuses what is no part of a file.
     *
     * @return the length, less what lies beyond the last offset that there is
     */
    static long requireRange(long offset, long length) {
        requireOffset(offset);
        if (length < 0) {
            throw new IllegalArgumentException("length " + length + " is negative");
        }
        return Math.min(length, Long.MAX_VALUE - offset);
    }
}
