package dev.gyre.uring;

import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.posix.BounceBuffer;
import dev.gyre.posix.FileCalls;
import dev.gyre.posix.PosixFile;
import dev.gyre.posix.StableMemory;
import dev.gyre.ring.Close;
import dev.gyre.ring.Fsync;
import dev.gyre.ring.Read;
import dev.gyre.ring.Write;
import java.lang.foreign.MemorySegment;

/** A file over a ring. */
final class UringFile extends PosixFile {
    private final UringIo io;

    /** Whether it is known to have offsets. */
    private boolean seekable;

    UringFile(UringIo io, int fd, String path) {
        super(fd, path);
        this.io = io;
    }

    @Override
    protected Fiber fiber() {
        return io.fiber();
    }

    @Override
    protected int read(Fiber fiber, int fd, MemorySegment buffer, long offset) throws IoException {
        // What is in the page cache is there at once, cheaper than by way of the ring.
        int result = FileCalls.readCached(fd, buffer, offset);
        if (result >= 0) {
            return result;
        }
        if (result != -Errno.EAGAIN.code() && !Operation.READ_FILE.retries(-result)) {
            throw Operation.READ_FILE.failure(-result, this);
        }
        if (StableMemory.isStable(buffer)) {
            return readInto(fiber, fd, buffer, offset);
        }
        try (BounceBuffer bounce = BounceBuffer.borrow(buffer.byteSize())) {
            int count = readInto(fiber, fd, bounce.memory(buffer.byteSize()), offset);
            bounce.copyTo(buffer, count);
            return count;
        }
    }

    private int readInto(Fiber fiber, int fd, MemorySegment stable, long offset) throws IoException {
        return Submitting.run(io, fiber, Operation.READ_FILE, this, call -> new Read(fd, stable, offset, call));
    }

    @Override
    protected int write(Fiber fiber, int fd, MemorySegment buffer, long offset) throws IoException {
        if (!seekable) {
            // The ring would ignore the offset, and write into the pipe.
            if (Files.lseek(fd, 0, Files.SEEK_CUR) == -Errno.ESPIPE.code()) {
                throw Operation.WRITE_FILE.failure(Errno.ESPIPE.code(), this);
            }
            seekable = true;
        }
        if (StableMemory.isStable(buffer)) {
            return writeFrom(fiber, fd, buffer, offset);
        }
        try (BounceBuffer bounce = BounceBuffer.of(buffer)) {
            return writeFrom(fiber, fd, bounce.memory(buffer.byteSize()), offset);
        }
    }

    private int writeFrom(Fiber fiber, int fd, MemorySegment stable, long offset) throws IoException {
        return Submitting.run(io, fiber, Operation.WRITE_FILE, this, call -> new Write(fd, stable, offset, call));
    }

    @Override
    protected void sync(Fiber fiber, int fd) throws IoException {
        Submitting.run(io, fiber, Operation.SYNC, this, call -> new Fsync(fd, false, call));
    }

    @Override
    protected int close(Fiber fiber, int fd) {
        return Submitting.runUncancelable(io, fiber, call -> new Close(fd, call));
    }
}
