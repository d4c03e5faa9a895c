package dev.gyre.uring;

import dev.gyre.io.File;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Descriptor;
import dev.gyre.linux.Errno;
import dev.gyre.posix.FileCalls;
import dev.gyre.ring.Close;
import dev.gyre.ring.Fsync;
import dev.gyre.ring.Read;
import dev.gyre.ring.Write;
import java.lang.foreign.MemorySegment;

/** {@link File} over a ring. */
final class UringFile implements File {
    private final UringIo io;
    private final Descriptor descriptor;
    private final String path;

    UringFile(UringIo io, int fd, String path) {
        this.io = io;
        this.descriptor = new Descriptor(fd);
        this.path = path;
    }

    @Override
    public int read(MemorySegment buffer, long offset) throws IoException {
        Fiber fiber = begin(buffer, offset);
        if (buffer.byteSize() == 0) {
            return 0;
        }
        hold(Operation.READ_FILE);
        try {
            int fd = descriptor.number();
            // What is in the page cache is there at once, cheaper than by way of the ring.
            int result = FileCalls.readCached(fd, buffer, offset);
            if (result < 0 && (result == -Errno.EAGAIN.code() || Operation.READ_FILE.retries(-result))) {
                result = Submitting.run(io, fiber, Operation.READ_FILE, this,
                        call -> new Read(fd, buffer, offset, call));
            } else if (result < 0) {
                throw Operation.READ_FILE.failure(-result, this);
            }
            return result == 0 ? -1 : result;
        } finally {
            release(fiber);
        }
    }

    @Override
    public int write(MemorySegment buffer, long offset) throws IoException {
        Fiber fiber = begin(buffer, offset);
        if (buffer.byteSize() == 0) {
            return 0;
        }
        hold(Operation.WRITE_FILE);
        try {
            int fd = descriptor.number();
            return Submitting.run(io, fiber, Operation.WRITE_FILE, this, call -> new Write(fd, buffer, offset, call));
        } finally {
            release(fiber);
        }
    }

    @Override
    public void sync() throws IoException {
        Fiber fiber = io.fiber();
        fiber.checkCancel();
        hold(Operation.SYNC);
        try {
            int fd = descriptor.number();
            Submitting.run(io, fiber, Operation.SYNC, this, call -> new Fsync(fd, false, call));
        } finally {
            release(fiber);
        }
    }

    @Override
    public FileStat stat() throws IoException {
        Fiber fiber = io.fiber();
        fiber.checkCancel();
        hold(Operation.STAT);
        try {
            return FileCalls.stat(descriptor.number(), this);
        } finally {
            release(fiber);
        }
    }

    @Override
    public void close() throws IoException {
        if (descriptor.beginClose() && descriptor.release()) {
            int result = closeNow(io.fiber());
            if (result < 0) {
                throw Operation.CLOSE.failure(-result, this);
            }
        }
    }

    @Override
    public String toString() {
        return path;
    }

    /** Holds the descriptor for a transfer that does not go through this object. */
    Descriptor descriptor() {
        return descriptor;
    }

    private Fiber begin(MemorySegment buffer, long offset) {
        FileCalls.requireOffset(offset);
        FileCalls.requireNative(buffer);
        Fiber fiber = io.fiber();
        fiber.checkCancel();
        return fiber;
    }

    void hold(Operation operation) throws IoException {
        if (!descriptor.acquire()) {
            throw operation.failure(Reason.CLOSED, this);
        }
    }

    /** The last one out closes; the closer went before, so nobody is left to hear of an error. */
    void release(Fiber fiber) {
        if (descriptor.release()) {
            closeNow(fiber);
        }
    }

    private int closeNow(Fiber fiber) {
        int fd = descriptor.take();
        return Submitting.runUncancelable(io, fiber, call -> new Close(fd, call));
    }
}
