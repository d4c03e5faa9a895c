package dev.gyre.threaded;

import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Directories;
import dev.gyre.linux.Files;
import dev.gyre.linux.OpenHow;
import dev.gyre.posix.DirectoryEntries;
import dev.gyre.posix.FileStats;
import dev.gyre.posix.PosixDirectory;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A folder over system calls. */
final class ThreadedDirectory extends PosixDirectory {
    private final ThreadedIo io;

    /** The current folder. */
    ThreadedDirectory(ThreadedIo io) {
        this.io = io;
    }

    private ThreadedDirectory(ThreadedIo io, int fd, String path) {
        super(fd, path);
        this.io = io;
    }

    @Override
    protected CallingFiber fiber() {
        return io.fiber();
    }

    @Override
    protected int open(Fiber fiber, Operation operation, int start, MemorySegment encoded, MemorySegment how,
            String target) throws IoException {
        CallingFiber caller = (CallingFiber) fiber;
        MemorySegment path = caller.forCall(encoded);
        MemorySegment manner = caller.forCall(how);
        return (int) SystemCall.complete(io, caller, operation, target,
                () -> Files.openat2(start, path, manner, OpenHow.SIZE));
    }

    @Override
    protected void stat(Fiber fiber, int start, MemorySegment encoded, int flags, MemorySegment state,
            String target) throws IoException {
        CallingFiber caller = (CallingFiber) fiber;
        MemorySegment path = caller.forCall(encoded);
        MemorySegment answer = caller.forCall(state);
        SystemCall.complete(io, caller, Operation.STAT, target,
                () -> Directories.statx(start, path, flags, FileStats.MASK, answer));
    }

    @Override
    protected List<DirectoryEntry> list(Fiber fiber, int fd) throws IoException {
        if (((CallingFiber) fiber).isVirtual()) {
            return io.blocking(() -> DirectoryEntries.list(fd, this));
        }
        return DirectoryEntries.list(fd, this);
    }

    @Override
    protected File file(int fd, String target) {
        return new ThreadedFile(io, fd, target);
    }

    @Override
    protected PosixDirectory directory(int fd, String target) {
        return new ThreadedDirectory(io, fd, target);
    }
}
