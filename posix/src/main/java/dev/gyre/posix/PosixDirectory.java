package dev.gyre.posix;

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
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder behind a descriptor: how paths are read, and who closes. How a call waits for the device is the backend's;
 * the native memory that it is given stays valid until it returns.
 */
public abstract class PosixDirectory implements Directory {
    /** Null for the current folder, which has no descriptor of its own. */
    private final @Nullable Descriptor descriptor;

    private final String path;

    /** For backends: the current folder. */
    protected PosixDirectory() {
        this.descriptor = null;
        this.path = ".";
    }

    /**
     * For backends.
     *
     * @param fd open; belongs to this from now on
     * @param path what it was opened as, for messages
     */
    protected PosixDirectory(int fd, String path) {
        this.descriptor = new Descriptor(fd);
        this.path = path;
    }

    @Override
    public final File openFile(String name, OpenOptions options) throws IoException {
        String target = resolve(name);
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment how = scratch.allocate(OpenHow.LAYOUT);
            OpenHows.writeFile(options, how);
            return file(open(Operation.OPEN_FILE, name, target, how, scratch), target);
        }
    }

    @Override
    public final Directory openDirectory(String name, OpenOptions.Flag... flags) throws IoException {
        return openDirectory(Operation.OPEN_DIRECTORY, name, resolve(name), flags);
    }

    @Override
    public final FileStat stat(String name) throws IoException {
        return stat(name, 0);
    }

    @Override
    public final FileStat lstat(String name) throws IoException {
        return stat(name, Directories.AT_SYMLINK_NOFOLLOW);
    }

    @Override
    public final List<DirectoryEntry> list() throws IoException {
        // A descriptor of its own, because the position in the folder belongs to it.
        try (PosixDirectory own = openDirectory(Operation.LIST, ".", path)) {
            return own.listHere();
        }
    }

    @Override
    public final void close() {
        if (descriptor != null && descriptor.beginClose()) {
            Handles.release(descriptor);
        }
    }

    @Override
    public final String toString() {
        return path;
    }

    /**
     * The calling fiber.
     *
     * @return of the backend's own kind
     */
    protected abstract Fiber fiber();

    /**
     * Opens by openat2(2). A cancellation point.
     *
     * @param fiber the calling one
     * @param operation what for
     * @param start the folder that a relative path starts at
     * @param encoded the path, with a final NUL
     * @param how an {@link OpenHow}
     * @param target for messages
     * @return a descriptor
     * @throws IoException with a reason of the operation
     */
    protected abstract int open(Fiber fiber, Operation operation, int start, MemorySegment encoded, MemorySegment how,
            String target) throws IoException;

    /**
     * Asks by statx(2) for {@link FileStats#MASK}. A cancellation point.
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at
     * @param encoded the path, with a final NUL
     * @param flags {@code AT_SYMLINK_NOFOLLOW} or 0
     * @param state a {@link Statx}, to be filled in
     * @param target for messages
     * @throws IoException with a reason of {@link Operation#STAT}
     */
    protected abstract void stat(Fiber fiber, int start, MemorySegment encoded, int flags, MemorySegment state,
            String target) throws IoException;

    /**
     * Reads the entries by {@link DirectoryEntries#list}. A cancellation point.
     *
     * @param fiber the calling one
     * @param fd held, and used by nobody else
     * @return the entries
     * @throws IoException with a reason of {@link Operation#LIST}
     */
    protected abstract List<DirectoryEntry> list(Fiber fiber, int fd) throws IoException;

    /**
     * A file of the backend's kind.
     *
     * @param fd open; belongs to the file from now on
     * @param target what it was opened as
     * @return the file
     */
    protected abstract File file(int fd, String target);

    /**
     * A folder of the backend's kind.
     *
     * @param fd open; belongs to the folder from now on
     * @param target what it was opened as
     * @return the folder
     */
    protected abstract PosixDirectory directory(int fd, String target);

    private FileStat stat(String name, int flags) throws IoException {
        Fiber fiber = fiber();
        String target = resolve(name);
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment encoded = Paths.encode(name, scratch, Operation.STAT);
            MemorySegment state = scratch.allocate(Statx.LAYOUT);
            int start = hold(Operation.STAT);
            try {
                stat(fiber, start, encoded, flags, state, target);
            } finally {
                release();
            }
            return FileStats.read(state);
        }
    }

    private List<DirectoryEntry> listHere() throws IoException {
        Fiber fiber = fiber();
        fiber.checkCancel();
        int fd = hold(Operation.LIST);
        try {
            return list(fiber, fd);
        } finally {
            release();
        }
    }

    private PosixDirectory openDirectory(Operation operation, String name, String target, OpenOptions.Flag... flags)
            throws IoException {
        Set<OpenOptions.Flag> wishes = EnumSet.noneOf(OpenOptions.Flag.class);
        wishes.addAll(Arrays.asList(flags));
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment how = scratch.allocate(OpenHow.LAYOUT);
            OpenHows.writeDirectory(wishes, how);
            return directory(open(operation, name, target, how, scratch), target);
        }
    }

    private int open(Operation operation, String name, String target, MemorySegment how, Scratch scratch)
            throws IoException {
        Fiber fiber = fiber();
        MemorySegment encoded = Paths.encode(name, scratch, operation);
        int start = hold(operation);
        try {
            return open(fiber, operation, start, encoded, how, target);
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
