package dev.gyre.host;

import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Permission;
import dev.gyre.io.Renaming;
import dev.gyre.io.Timestamp;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.layout.OpenHow;
import dev.gyre.linux.layout.Statx;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.Kernel;
import dev.gyre.posix.Paths;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is done to names, of files and folders, by Linux's system calls: all that takes a path. */
abstract class HostNames extends HostCalls implements Kernel {
    HostNames(int socketFlags) {
        super(socketFlags);
    }

    @Override
    public final int openFile(Fiber fiber, @Nullable Descriptor start, byte[] path, OpenOptions options) {
        NamedPath target = new NamedPath(path);
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment how = scratch.allocate(OpenHow.LAYOUT);
            if (options.flags().contains(OpenOptions.Flag.NO_SPECIAL)) {
                OpenHows.writePlace(options, how);
                int place = open(fiber, target, number(start), scratch.path(path), how);
                return place < 0 ? place : openPlace(fiber, target, place, options);
            }
            OpenHows.writeFile(options, how);
            return open(fiber, target, number(start), scratch.path(path), how);
        }
    }

    /** Opens what is at a place, unless it is special, and gives the place back. */
    private int openPlace(Fiber fiber, NamedPath target, int place, OpenOptions options) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment state = scratch.allocate(Statx.LAYOUT);
            int result = FileCalls.statCached(place, scratch.allocate(1, 1), state);
            if (result < 0) {
                return result;
            }
            return switch (FileStats.kind(state)) {
                case FILE, DIRECTORY -> {
                    // The path is a link to the place, to be followed.
                    MemorySegment how = scratch.allocate(OpenHow.LAYOUT);
                    OpenHows.writeFile(options.without(OpenOptions.Flag.NO_FOLLOW, OpenOptions.Flag.BENEATH), how);
                    MemorySegment itself = scratch.path(FileCalls.path(place));
                    if (options.flags().contains(OpenOptions.Flag.NON_BLOCKING)) {
                        // Nothing is left to be looked up; io_uring would open that on the spot, too.
                        yield Files.openat2(Directories.AT_FDCWD, itself, how, OpenHow.SIZE);
                    }
                    yield open(fiber, target, Directories.AT_FDCWD, itself, how);
                }
                case SYMLINK -> -Errno.ELOOP.code();
                case PIPE, SOCKET, BLOCK_DEVICE, CHARACTER_DEVICE, UNKNOWN -> -Errno.ENXIO.code();
            };
        } finally {
            FileCalls.close(place);
        }
    }

    @Override
    public final int openDirectory(
            Fiber fiber, @Nullable Descriptor start, byte[] path, Set<OpenOptions.Flag> flags) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment how = scratch.allocate(OpenHow.LAYOUT);
            OpenHows.writeDirectory(flags, how);
            return open(fiber, new NamedPath(path), number(start), scratch.path(path), how);
        }
    }

    /**
     * Opens a path: openat2(2). Waits as long as that does.
     *
     * @param fiber the calling one
     * @param target the path for reports
     * @param start what the {@code at} calls take
     * @param path ends with a zero
     * @param how an {@code open_how}
     * @return the descriptor, or a negated error number
     */
    protected abstract int open(Fiber fiber, Object target, int start, MemorySegment path, MemorySegment how);

    @Override
    public final Answer<FileStat> stat(Fiber fiber, @Nullable Descriptor start, byte[] path, boolean follow) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment state = scratch.allocate(Statx.LAYOUT);
            int flags = follow ? 0 : Directories.AT_SYMLINK_NOFOLLOW;
            int result = stat(fiber, new NamedPath(path), number(start), scratch.path(path), flags, state);
            return result < 0 ? Answer.failed(result) : Answer.of(FileStats.read(state));
        }
    }

    /**
     * Asks what is known of a path: statx(2).
     *
     * @param fiber the calling one
     * @param target the path for reports
     * @param start what the {@code at} calls take
     * @param path ends with a zero
     * @param flags {@code AT_*}
     * @param state where the answer goes
     * @return 0, or a negated error number
     */
    protected abstract int stat(
            Fiber fiber, Object target, int start, MemorySegment path, int flags, MemorySegment state);

    @Override
    public final int access(Fiber fiber, @Nullable Descriptor start, byte[] path, Set<Permission> wanted) {
        int mode = Directories.F_OK;
        for (Permission permission : wanted) {
            mode |= switch (permission) {
                case READ -> Directories.R_OK;
                case WRITE -> Directories.W_OK;
                case EXECUTE -> Directories.X_OK;
            };
        }
        int all = mode;
        return onPath(fiber, "access", start, path,
                (at, encoded) -> Directories.faccessat(at, encoded, all, Directories.AT_EACCESS));
    }

    @Override
    public final int makeDirectory(Fiber fiber, @Nullable Descriptor start, byte[] path, int mode) {
        try (Scratch scratch = Scratch.borrow()) {
            return makeDirectory(fiber, new NamedPath(path), number(start), scratch.path(path), mode);
        }
    }

    /**
     * Makes a folder: mkdirat(2).
     *
     * @param fiber the calling one
     * @param target the path for reports
     * @param start what the {@code at} calls take
     * @param path ends with a zero
     * @param mode less the umask
     * @return 0, or a negated error number
     */
    protected int makeDirectory(Fiber fiber, Object target, int start, MemorySegment path, int mode) {
        return (int) waiting(fiber, "make directory", target, () -> Directories.mkdirat(start, path, mode));
    }

    @Override
    public final int delete(Fiber fiber, @Nullable Descriptor start, byte[] path, boolean directory) {
        int flags = directory ? Directories.AT_REMOVEDIR : 0;
        try (Scratch scratch = Scratch.borrow()) {
            return delete(fiber, new NamedPath(path), number(start), scratch.path(path), flags);
        }
    }

    /**
     * Removes a name: unlinkat(2).
     *
     * @param fiber the calling one
     * @param target the path for reports
     * @param start what the {@code at} calls take
     * @param path ends with a zero
     * @param flags {@code AT_*}
     * @return 0, or a negated error number
     */
    protected int delete(Fiber fiber, Object target, int start, MemorySegment path, int flags) {
        return (int) waiting(fiber, "delete", target, () -> Directories.unlinkat(start, path, flags));
    }

    @Override
    public final int rename(
            Fiber fiber, @Nullable Descriptor oldStart, byte[] oldPath, @Nullable Descriptor newStart,
            byte[] newPath, Renaming renaming) {
        int flags = switch (renaming) {
            case REPLACE -> 0;
            case NO_REPLACE -> Directories.RENAME_NOREPLACE;
            case EXCHANGE -> Directories.RENAME_EXCHANGE;
        };
        try (Scratch scratch = Scratch.borrow()) {
            return rename(fiber, new NamedPath(oldPath), number(oldStart), scratch.path(oldPath), number(newStart),
                    scratch.path(newPath), flags);
        }
    }

    /**
     * Renames: renameat2(2).
     *
     * @param fiber the calling one
     * @param target the old path for reports
     * @param oldStart what the {@code at} calls take
     * @param oldPath ends with a zero
     * @param newStart what the {@code at} calls take
     * @param newPath ends with a zero
     * @param flags {@code RENAME_*}
     * @return 0, or a negated error number
     */
    protected int rename(
            Fiber fiber, Object target, int oldStart, MemorySegment oldPath, int newStart, MemorySegment newPath,
            int flags) {
        return (int) waiting(fiber, "rename", target,
                () -> Directories.renameat2(oldStart, oldPath, newStart, newPath, flags));
    }

    @Override
    public final int hardLink(
            Fiber fiber, @Nullable Descriptor oldStart, byte[] oldPath, @Nullable Descriptor newStart,
            byte[] newPath) {
        try (Scratch scratch = Scratch.borrow()) {
            return hardLink(fiber, new NamedPath(newPath), number(oldStart), scratch.path(oldPath), number(newStart),
                    scratch.path(newPath));
        }
    }

    /**
     * Gives a file one more name: linkat(2).
     *
     * @param fiber the calling one
     * @param target the new path for reports
     * @param oldStart what the {@code at} calls take
     * @param oldPath ends with a zero
     * @param newStart what the {@code at} calls take
     * @param newPath ends with a zero
     * @return 0, or a negated error number
     */
    protected int hardLink(
            Fiber fiber, Object target, int oldStart, MemorySegment oldPath, int newStart, MemorySegment newPath) {
        return (int) waiting(
                fiber, "link", target, () -> Directories.linkat(oldStart, oldPath, newStart, newPath, 0));
    }

    @Override
    public final int symlink(Fiber fiber, byte[] target, @Nullable Descriptor start, byte[] path) {
        try (Scratch scratch = Scratch.borrow()) {
            return symlink(fiber, new NamedPath(path), scratch.path(target), number(start), scratch.path(path));
        }
    }

    /**
     * Makes a symbolic link: symlinkat(2).
     *
     * @param fiber the calling one
     * @param target the link's path for reports
     * @param text what it says; ends with a zero
     * @param start what the {@code at} calls take
     * @param path ends with a zero
     * @return 0, or a negated error number
     */
    protected int symlink(Fiber fiber, Object target, MemorySegment text, int start, MemorySegment path) {
        return (int) waiting(
                fiber, "make symbolic link", target, () -> Directories.symlinkat(text, start, path));
    }

    @Override
    public final int makeNode(
            Fiber fiber, @Nullable Descriptor start, byte[] path, FileKind kind, int mode, long device) {
        int typed = FileStats.modeOf(kind) | mode;
        return onPath(fiber, "make node", start, path,
                (at, encoded) -> Directories.mknodat(at, encoded, typed, (int) (device >> 32), (int) device));
    }

    @Override
    public final Answer<byte[]> readLink(Fiber fiber, @Nullable Descriptor start, byte[] path) {
        return textOf(fiber, "read symbolic link", start, path,
                (at, encoded, text) -> Directories.readlinkat(at, encoded, text, text.byteSize()));
    }

    @Override
    public final Answer<byte[]> realPath(Fiber fiber, @Nullable Descriptor start, byte[] path) {
        return textOf(fiber, "find real path", start, path, FileCalls::realPath);
    }

    @Override
    public final int setPermissions(Fiber fiber, @Nullable Descriptor start, byte[] path, int mode) {
        return onPath(fiber, "set permissions", start, path,
                (at, encoded) -> Directories.fchmodat(at, encoded, mode, 0));
    }

    @Override
    public final int setOwner(Fiber fiber, @Nullable Descriptor start, byte[] path, int user, int group) {
        return onPath(fiber, "set owner", start, path,
                (at, encoded) -> Directories.fchownat(at, encoded, user, group, Directories.AT_SYMLINK_NOFOLLOW));
    }

    @Override
    public final int setTimes(
            Fiber fiber, @Nullable Descriptor start, byte[] path, @Nullable Timestamp accessed,
            @Nullable Timestamp modified) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment times = FileStats.times(scratch, accessed, modified);
            return onPath(fiber, "set times", start, path,
                    (at, encoded) -> Directories.utimensat(at, encoded, times, Directories.AT_SYMLINK_NOFOLLOW));
        }
    }

    /**
     * Makes a call that may wait for a device, and for nothing else.
     *
     * @param fiber the calling one
     * @param operation what it is, in a word, for reports
     * @param target what it is done to, for reports
     * @param call the call; whatever memory it uses, any thread may
     * @return what it answered
     */
    protected abstract long waiting(Fiber fiber, String operation, Object target, BlockingCalls.Call call);

    /** A call that takes a path. */
    @FunctionalInterface
    interface PathCall {
        int make(int start, MemorySegment path);
    }

    final int onPath(Fiber fiber, String operation, @Nullable Descriptor start, byte[] path, PathCall call) {
        int at = number(start);
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment encoded = scratch.path(path);
            return (int) waiting(fiber, operation, new NamedPath(path), () -> call.make(at, encoded));
        }
    }

    /** A call that takes a path, and answers with the length of a text. */
    @FunctionalInterface
    interface TextCall {
        long make(int start, MemorySegment path, MemorySegment text);
    }

    final Answer<byte[]> textOf(
            Fiber fiber, String operation, @Nullable Descriptor start, byte[] path, TextCall call) {
        int at = number(start);
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment encoded = scratch.path(path);
            MemorySegment text = scratch.allocate(Paths.LENGTH_MAX, 1);
            long length = waiting(fiber, operation, new NamedPath(path), () -> call.make(at, encoded, text));
            return length < 0
                    ? Answer.failed((int) length)
                    : Answer.of(text.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** A path that becomes text where somebody asks. */
    static final class NamedPath {
        private final byte[] path;

        NamedPath(byte[] path) {
            this.path = path;
        }

        @Override
        public String toString() {
            return Paths.decode(path);
        }
    }

    /** Where a relative path starts, as the {@code at} calls take it. */
    static int number(@Nullable Descriptor start) {
        return start == null ? Directories.AT_FDCWD : start.number();
    }
}
