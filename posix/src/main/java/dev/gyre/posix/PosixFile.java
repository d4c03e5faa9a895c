package dev.gyre.posix;

import dev.gyre.io.File;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Descriptor;
import java.lang.foreign.MemorySegment;

/**
 * A file behind a descriptor: what arguments are refused, and who closes. How a call waits for the device is the
 * backend's.
 */
public abstract class PosixFile implements File {
    private final Descriptor descriptor;
    private final String path;

    /**
     * For backends.
     *
     * @param fd open; belongs to this from now on
     * @param path what it was opened as, for messages
     */
    protected PosixFile(int fd, String path) {
        this.descriptor = new Descriptor(fd);
        this.path = path;
    }

    @Override
    public final int read(MemorySegment buffer, long offset) throws IoException {
        FileCalls.requireWritable(buffer);
        Fiber fiber = begin(buffer, offset);
        if (buffer.byteSize() == 0) {
            return 0;
        }
        int fd = hold(Operation.READ_FILE);
        try {
            int count = read(fiber, fd, buffer, offset);
            return count == 0 ? -1 : count;
        } finally {
            release(fiber);
        }
    }

    @Override
    public final int write(MemorySegment buffer, long offset) throws IoException {
        Fiber fiber = begin(buffer, offset);
        if (buffer.byteSize() == 0) {
            return 0;
        }
        int fd = hold(Operation.WRITE_FILE);
        try {
            return write(fiber, fd, buffer, offset);
        } finally {
            release(fiber);
        }
    }

    @Override
    public final void sync() throws IoException {
        Fiber fiber = fiber();
        fiber.checkCancel();
        int fd = hold(Operation.SYNC);
        try {
            sync(fiber, fd);
        } finally {
            release(fiber);
        }
    }

    @Override
    public final FileStat stat() throws IoException {
        Fiber fiber = fiber();
        fiber.checkCancel();
        int fd = hold(Operation.STAT);
        try {
            return FileCalls.stat(fd, this);
        } finally {
            release(fiber);
        }
    }

    @Override
    public final void close() throws IoException {
        if (descriptor.beginClose() && descriptor.release()) {
            int result = close(fiber(), descriptor.take());
            if (result < 0) {
                throw Operation.CLOSE.failure(-result, this);
            }
        }
    }

    @Override
    public final String toString() {
        return path;
    }

    /**
     * Holds the descriptor, for this file's own calls and for transfers that do not go through it.
     *
     * @param operation on whose behalf
     * @return the descriptor's number, valid until {@link #release}
     * @throws IoException with {@link Reason#CLOSED}
     */
    public final int hold(Operation operation) throws IoException {
        if (!descriptor.acquire()) {
            throw operation.failure(Reason.CLOSED, this);
        }
        return descriptor.number();
    }

    /**
     * Lets go of the descriptor. The last one out closes; the closer went before, so nobody is left to hear of an
     * error.
     *
     * @param fiber the calling one
     */
    public final void release(Fiber fiber) {
        if (descriptor.release()) {
            close(fiber, descriptor.take());
        }
    }

    /**
     * The calling fiber.
     *
     * @return of the backend's own kind
     */
    protected abstract Fiber fiber();

    /**
     * Reads. A cancellation point.
     *
     * @param fiber the calling one
     * @param fd held
     * @param buffer native, not empty
     * @param offset 0 or more
     * @return the number of bytes, 0 at the end of the file
     * @throws IoException with a reason of {@link Operation#READ_FILE}
     */
    protected abstract int read(Fiber fiber, int fd, MemorySegment buffer, long offset) throws IoException;

    /**
     * Writes. A cancellation point.
     *
     * @param fiber the calling one
     * @param fd held
     * @param buffer native, not empty
     * @param offset 0 or more
     * @return the number of bytes
     * @throws IoException with a reason of {@link Operation#WRITE_FILE}
     */
    protected abstract int write(Fiber fiber, int fd, MemorySegment buffer, long offset) throws IoException;

    /**
     * Brings everything to the device. A cancellation point.
     *
     * @param fiber the calling one
     * @param fd held
     * @throws IoException with a reason of {@link Operation#SYNC}
     */
    protected abstract void sync(Fiber fiber, int fd) throws IoException;

    /**
     * Closes a descriptor that nobody holds any more. Not a cancellation point.
     *
     * @param fiber the calling one
     * @param fd the caller's own
     * @return 0, or a negative error number; the descriptor is gone all the same
     */
    protected abstract int close(Fiber fiber, int fd);

    private Fiber begin(MemorySegment buffer, long offset) {
        FileCalls.requireOffset(offset);
        FileCalls.requireNative(buffer);
        Fiber fiber = fiber();
        fiber.checkCancel();
        return fiber;
    }
}
