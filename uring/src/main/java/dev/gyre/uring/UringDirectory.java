package dev.gyre.uring;

import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.OpenHow;
import dev.gyre.posix.DirectoryEntries;
import dev.gyre.posix.FileStats;
import dev.gyre.posix.PosixDirectory;
import dev.gyre.ring.OpenAt2;
import dev.gyre.ring.Statx;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A folder over a ring. Listing has no operation there and goes to a thread that may block. */
final class UringDirectory extends PosixDirectory {
    private final UringIo io;

    /** The current folder. */
    UringDirectory(UringIo io) {
        this.io = io;
    }

    private UringDirectory(UringIo io, int fd, String path) {
        super(fd, path);
        this.io = io;
    }

    @Override
    protected Fiber fiber() {
        return io.fiber();
    }

    @Override
    protected int open(Fiber fiber, Operation operation, int start, MemorySegment encoded, MemorySegment how,
            String target) throws IoException {
        long flags = how.get(ValueLayout.JAVA_LONG, OpenHow.FLAGS);
        boolean mayWait = (flags & (Files.O_NONBLOCK | Files.O_DIRECTORY)) == 0;
        int fd;
        try {
            fd = Submitting.run(io, fiber, operation, target, call -> new OpenAt2(start, encoded, how, call));
        } catch (IoException failed) {
            if (mayWait && failed.reason() == Reason.NO_DEVICE) {
                return openWaiting(fiber, operation, start, encoded, how, target);
            }
            throw failed;
        }
        boolean reads = (flags & (Files.O_WRONLY | Files.O_RDWR)) == 0;
        if (mayWait && reads && Files.lseek(fd, 0, Files.SEEK_CUR) == -Errno.ESPIPE.code()) {
            // Kept open meanwhile, so that the pipe does not lose a reader that its writers may have seen.
            try {
                return openWaiting(fiber, operation, start, encoded, how, target);
            } finally {
                Files.close(fd);
            }
        }
        return fd;
    }

    /** Opens a pipe, which {@link OpenAt2} by itself would not wait for. */
    private int openWaiting(Fiber fiber, Operation operation, int start, MemorySegment encoded, MemorySegment how,
            String target) throws IoException {
        return Submitting.run(io, fiber, operation, target, call -> OpenAt2.waiting(start, encoded, how, call));
    }

    @Override
    protected void stat(Fiber fiber, int start, MemorySegment encoded, int flags, MemorySegment state,
            String target) throws IoException {
        Submitting.run(io, fiber, Operation.STAT, target,
                call -> new Statx(start, encoded, flags, FileStats.MASK, state, call));
    }

    @Override
    protected List<DirectoryEntry> list(Fiber fiber, int fd) throws IoException {
        return io.blocking(() -> DirectoryEntries.list(fd, this));
    }

    @Override
    protected File file(int fd, String target) {
        return new UringFile(io, fd, target);
    }

    @Override
    protected PosixDirectory directory(int fd, String target) {
        return new UringDirectory(io, fd, target);
    }
}
