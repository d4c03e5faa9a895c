package dev.gyre.uring;

import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.linux.OpenHow;
import dev.gyre.posix.DirectoryEntries;
import dev.gyre.posix.FileCalls;
import dev.gyre.posix.FileStats;
import dev.gyre.posix.PosixDirectory;
import dev.gyre.ring.OpenAt2;
import dev.gyre.ring.Poll;
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
            awaitWriter(fiber, operation, fd, target);
        }
        return fd;
    }

    /**
     * Waits until a pipe that was opened for reading has had a writer. It stays open meanwhile: its writers have seen a
     * reader, and would be told that it is gone.
     */
    private void awaitWriter(Fiber fiber, Operation operation, int fd, String target) throws IoException {
        boolean ready = false;
        try {
            if (FileCalls.stat(fd, target).kind() == FileKind.PIPE) {
                Submitting.run(io, fiber, operation, target, call -> new Poll(fd, Events.POLLIN, call));
            }
            ready = true;
        } finally {
            if (!ready) {
                Files.close(fd);
            }
        }
    }

    /** Opens a pipe for writing, which {@link OpenAt2} by itself would not wait for. */
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
