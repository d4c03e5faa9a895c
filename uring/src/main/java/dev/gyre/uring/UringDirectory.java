package dev.gyre.uring;

import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Descriptor;
import dev.gyre.linux.Directories;
import dev.gyre.linux.OpenHow;
import dev.gyre.linux.Statx;
import dev.gyre.posix.DirectoryEntries;
import dev.gyre.posix.FileStats;
import dev.gyre.posix.Handles;
import dev.gyre.posix.OpenHows;
import dev.gyre.posix.Paths;
import dev.gyre.posix.Scratch;
import dev.gyre.ring.OpenAt2;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link Directory} over a ring. Listing has no operation there and goes to a thread that may block. */
final class UringDirectory implements Directory {
    private final UringIo io;

    /** Null for the current folder, which has no descriptor of its own. */
    private final @Nullable Descriptor descriptor;

    private final String path;

    private UringDirectory(UringIo io, @Nullable Descriptor descriptor, String path) {
        this.io = io;
        this.descriptor = descriptor;
        this.path = path;
    }

    static UringDirectory current(UringIo io) {
        return new UringDirectory(io, null, ".");
    }

    @Override
    public File openFile(String name, OpenOptions options) throws IoException {
        String target = resolve(name);
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment how = scratch.allocate(OpenHow.LAYOUT);
            OpenHows.writeFile(options, how);
            int fd = open(Operation.OPEN_FILE, name, target, how, scratch);
            return new UringFile(io, fd, target);
        }
    }

    @Override
    public Directory openDirectory(String name, OpenOptions.Flag... flags) throws IoException {
        String target = resolve(name);
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment how = scratch.allocate(OpenHow.LAYOUT);
            OpenHows.writeDirectory(Set.of(flags), how);
            int fd = open(Operation.OPEN_DIRECTORY, name, target, how, scratch);
            return new UringDirectory(io, new Descriptor(fd), target);
        }
    }

    @Override
    public FileStat stat(String name) throws IoException {
        Fiber fiber = io.fiber();
        String target = resolve(name);
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment encoded = Paths.encode(name, scratch, Operation.STAT);
            MemorySegment state = scratch.allocate(Statx.LAYOUT);
            int start = hold(Operation.STAT);
            try {
                Submitting.run(io, fiber, Operation.STAT, target,
                        call -> new dev.gyre.ring.Statx(start, encoded, 0, FileStats.MASK, state, call));
            } finally {
                release();
            }
            return FileStats.read(state);
        }
    }

    @Override
    public List<DirectoryEntry> list() throws IoException {
        // A descriptor of its own, because the position in the folder belongs to it.
        Directory own = openDirectory(".");
        try (own) {
            io.checkCancel();
            int fd = ((UringDirectory) own).hold(Operation.LIST);
            try {
                return io.blocking(() -> DirectoryEntries.list(fd, path));
            } finally {
                ((UringDirectory) own).release();
            }
        }
    }

    @Override
    public void close() {
        if (descriptor != null && descriptor.beginClose()) {
            Handles.release(descriptor);
        }
    }

    @Override
    public String toString() {
        return path;
    }

    private int open(Operation operation, String name, String target, MemorySegment how, Scratch scratch)
            throws IoException {
        Fiber fiber = io.fiber();
        MemorySegment encoded = Paths.encode(name, scratch, operation);
        int start = hold(operation);
        try {
            return Submitting.run(io, fiber, operation, target, call -> new OpenAt2(start, encoded, how, call));
        } finally {
            release();
        }
    }

    private int hold(Operation operation) throws IoException {
        if (descriptor == null) {
            return Directories.AT_FDCWD;
        }
        if (!descriptor.acquire()) {
            throw operation.failure(Reason.CLOSED, path);
        }
        return descriptor.number();
    }

    private void release() {
        if (descriptor != null) {
            Handles.release(descriptor);
        }
    }

    private String resolve(String name) {
        return descriptor == null || name.startsWith("/") ? name : path + "/" + name;
    }
}
