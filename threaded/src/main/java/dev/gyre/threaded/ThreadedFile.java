package dev.gyre.threaded;

import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.posix.FileCalls;
import dev.gyre.posix.PosixFile;
import java.lang.foreign.MemorySegment;

/** A file over system calls. */
final class ThreadedFile extends PosixFile {
    private final ThreadedIo io;

    ThreadedFile(ThreadedIo io, int fd, String path) {
        super(fd, path);
        this.io = io;
    }

    @Override
    protected CallingFiber fiber() {
        return io.fiber();
    }

    @Override
    protected int read(Fiber fiber, int fd, MemorySegment buffer, long offset) throws IoException {
        CallingFiber caller = (CallingFiber) fiber;
        if (caller.isVirtual()) {
            // What is in the page cache is there at once, without another thread.
            int result = FileCalls.readCached(fd, buffer, offset);
            if (result >= 0) {
                return result;
            }
        }
        MemorySegment memory = caller.forCall(buffer);
        return (int) SystemCall.complete(io, caller, Operation.READ_FILE, this,
                () -> Files.pread(fd, memory, memory.byteSize(), offset));
    }

    @Override
    protected int write(Fiber fiber, int fd, MemorySegment buffer, long offset) throws IoException {
        CallingFiber caller = (CallingFiber) fiber;
        MemorySegment memory = caller.forCall(buffer);
        return (int) SystemCall.complete(io, caller, Operation.WRITE_FILE, this,
                () -> Files.pwrite(fd, memory, memory.byteSize(), offset));
    }

    @Override
    protected void sync(Fiber fiber, int fd) throws IoException {
        SystemCall.complete(io, (CallingFiber) fiber, Operation.SYNC, this, () -> Files.fsync(fd));
    }

    @Override
    protected int close(Fiber fiber, int fd) {
        int result = (int) SystemCall.runUncancelable(
                io, (CallingFiber) fiber, Operation.CLOSE, () -> Files.close(fd));
        // The number is gone, whatever interrupted the call (close(2)).
        return result == -Errno.EINTR.code() ? 0 : result;
    }
}
