package dev.gyre.host;

import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Mmap;
import dev.gyre.linux.layout.Iovec;
import dev.gyre.linux.layout.OpenHow;
import dev.gyre.linux.layout.Statx;
import dev.gyre.posix.Answer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done to files without waiting for a device. */
public final class FileCalls {
    /** More than it takes until others have let go of the memory that they took for a moment. */
    static final int ATTEMPTS = 100;

    private FileCalls() {}

    /**
     * Reads what is in the page cache.
     *
     * @param fd open for reading
     * @param buffer native, writable
     * @param offset of the first byte, or -1 for the file's own position
     * @return the number of bytes, or a negative error number: {@code EAGAIN} where a device would have to be asked,
     *     or where the file system cannot tell
     */
    public static int readCached(int fd, MemorySegment buffer, long offset) {
        long result = Files.preadCached(fd, buffer, Math.min(buffer.byteSize(), Files.TRANSFER_MAX), offset);
        return (int) (result == -Errno.EOPNOTSUPP.code() ? -Errno.EAGAIN.code() : result);
    }

    /**
     * Reads what is in the page cache into several pieces of memory.
     *
     * @param fd open for reading
     * @param parts native, writable, and not freed meanwhile; 1 to 1024
     * @param offset of the first byte, or -1 for the file's own position
     * @return as {@link #readCached(int, MemorySegment, long)}
     */
    public static int readCached(int fd, List<MemorySegment> parts, long offset) {
        try (Scratch scratch = Scratch.borrow()) {
            long result = Files.preadv2(fd, vectors(scratch, parts), parts.size(), offset, Files.RWF_NOWAIT);
            return (int) (result == -Errno.EOPNOTSUPP.code() ? -Errno.EAGAIN.code() : result);
        }
    }

    /**
     * The array that vectored calls take.
     *
     * @param scratch where it is put, with nothing in it yet
     * @param parts native; at most 1024
     * @return {@code iovec}s
     */
    public static MemorySegment vectors(Scratch scratch, List<MemorySegment> parts) {
        MemorySegment vectors = scratch.allocate(Iovec.SIZE * parts.size(), Long.BYTES);
        for (int i = 0; i < parts.size(); i++) {
            Iovec.set(vectors, i, parts.get(i));
        }
        return vectors;
    }

    /**
     * Makes a call that moves a file's position as a side effect, and moves it back.
     *
     * @param file one at a time does so
     * @param fd its number
     * @param call what moves it
     * @return what the call answered
     */
    public static long atOldPosition(Object file, int fd, BlockingCalls.Call call) {
        synchronized (file) {
            long before = Files.lseek(fd, 0, Files.SEEK_CUR);
            long result = call.make();
            if (before >= 0) {
                Files.lseek(fd, before, Files.SEEK_SET);
            }
            return result;
        }
    }

    /**
     * Reads from the file's own position on into several pieces of memory, waiting as the file does.
     *
     * @param fd open for reading
     * @param parts native, writable, and not freed meanwhile; 1 to 1024
     * @return the number of bytes, or a negative error number
     */
    public static int readParts(int fd, List<MemorySegment> parts) {
        try (Scratch scratch = Scratch.borrow()) {
            return (int) Files.readv(fd, vectors(scratch, parts), parts.size());
        }
    }

    /**
     * Writes from several pieces of memory at the file's own position, waiting as the file does.
     *
     * @param fd open for writing
     * @param parts native, and not freed meanwhile; 1 to 1024
     * @return the number of bytes, or a negative error number
     */
    public static int writeParts(int fd, List<MemorySegment> parts) {
        try (Scratch scratch = Scratch.borrow()) {
            return (int) Files.writev(fd, vectors(scratch, parts), parts.size());
        }
    }

    /**
     * Whether transfers go past the page cache.
     *
     * @param fd open in any way
     * @return whether it was opened with {@code O_DIRECT}
     */
    public static boolean isDirect(int fd) {
        int flags = Files.fcntl(fd, Files.F_GETFL, 0);
        return flags >= 0 && (flags & Files.O_DIRECT) != 0;
    }

    /**
     * Whether all of a part of a file is in the page cache.
     *
     * @param fd open for reading
     * @param offset of the first byte
     * @param length in bytes, 1 or more
     * @return true also where the file ends before; false where the kernel does not tell (before 6.5, or a file of
     *     somebody else's that may only be read)
     */
    public static boolean isCached(int fd, long offset, long length) {
        long cached = Files.cachedPages(fd, offset, length);
        if (cached < 0) {
            return false;
        }
        if (cached >= pages(offset, length)) {
            return true;
        }
        FileStat state = cached(fd);
        return state != null && state.size() < offset + length
                && (state.size() <= offset || cached >= pages(offset, state.size() - offset));
    }

    private static long pages(long offset, long length) {
        int size = Mmap.pageSize();
        return (offset + length - 1) / size - offset / size + 1;
    }

    /**
     * Sends a part of a file to a socket, as much as there is room for.
     *
     * @param socket non-blocking, or this waits
     * @param file open for reading
     * @param offset of the first byte
     * @param length in bytes
     * @return the number of bytes, 0 at the end of the file, or a negative error number
     */
    public static long sendFile(int socket, int file, long offset, long length) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment position = scratch.allocate(ValueLayout.JAVA_LONG);
            position.set(ValueLayout.JAVA_LONG, 0, offset);
            return Files.sendfile(socket, file, position, length);
        }
    }

    /**
     * Finds out where a path leads, which waits for a device.
     *
     * @param start what the {@code at} calls take
     * @param path ends with a zero
     * @param text where the answer goes, without a final zero
     * @return its length, or a negated error number
     */
    static long realPath(int start, MemorySegment path, MemorySegment text) {
        return onItself(start, path, 0,
                itself -> Directories.readlinkat(Directories.AT_FDCWD, itself, text, text.byteSize()));
    }

    /** A call that takes a path. */
    @FunctionalInterface
    interface PathCall {
        /**
         * Makes it.
         *
         * @param path absolute; ends with a zero
         * @return what the kernel answers
         */
        long make(MemorySegment path);
    }

    /**
     * Makes a call that has no variant which starts at an open folder: what the path leads to is opened as a place in
     * the tree, and the call has a path that leads to that. It waits for a device.
     *
     * @param start what the {@code at} calls take
     * @param path ends with a zero
     * @param flags {@code O_NOFOLLOW} and {@code O_DIRECTORY} have a meaning here
     * @param call is to follow a link: the path is one, to the place that was opened
     * @return what the call answers, or the negated error number of opening
     */
    static long onItself(int start, MemorySegment path, int flags, PathCall call) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment how = scratch.allocate(OpenHow.LAYOUT);
            how.set(ValueLayout.JAVA_LONG, OpenHow.FLAGS, Files.O_PATH | Files.O_CLOEXEC | flags);
            int fd = Files.openat2(start, path, how, OpenHow.SIZE);
            if (fd < 0) {
                return fd;
            }
            try {
                return call.make(scratch.path(path(fd)));
            } finally {
                close(fd);
            }
        }
    }

    /** A path to what is open, as a link that is to be followed: proc_pid_fd(5). */
    static byte[] path(int fd) {
        return ("/proc/self/fd/" + fd).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Asks for the state of an open file. Its attributes are in memory, except where a server or a program has them
     * ({@link LocalFileSystems}).
     *
     * @param fd open in any way
     * @return the state
     */
    public static Answer<FileStat> stat(int fd) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment state = scratch.allocate(Statx.LAYOUT);
            MemorySegment itself = scratch.allocate(1, 1);
            int result = Directories.statx(fd, itself, Directories.AT_EMPTY_PATH, FileStats.MASK, state);
            return result < 0 ? Answer.failed(result) : Answer.of(FileStats.read(state));
        }
    }

    /**
     * Asks for the state of an open file as this machine knows it: a server that knows better is not asked.
     *
     * @param fd open in any way
     * @param itself an empty path
     * @param state a {@code struct statx}, which is filled in, the number of the mount among it
     * @return 0, or a negated error number
     */
    public static int statCached(int fd, MemorySegment itself, MemorySegment state) {
        return Directories.statx(fd, itself, Directories.AT_EMPTY_PATH | Directories.AT_STATX_DONT_SYNC,
                FileStats.MASK | Directories.STATX_MNT_ID | Directories.STATX_MNT_ID_UNIQUE, state);
    }

    private static @Nullable FileStat cached(int fd) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment state = scratch.allocate(Statx.LAYOUT);
            return statCached(fd, scratch.allocate(1, 1), state) < 0 ? null : FileStats.read(state);
        }
    }

    /**
     * Gives a descriptor back. A call that there is no memory for was not made, and who lets go of something does not
     * come back to it: so it is tried again, and each attempt makes the virtual machine look for memory.
     *
     * @param fd nobody uses it any more
     * @return 0, or a negated error number: the descriptor is gone all the same
     */
    public static int close(int fd) {
        for (int attempt = 1; ; attempt++) {
            try {
                return Files.close(fd);
            } catch (OutOfMemoryError shortage) {
                if (attempt == ATTEMPTS) {
                    throw shortage;
                }
            }
        }
    }

    /** Gives all of them back, -1 being none. Throws what there was no memory for. */
    static void closeAll(int... fds) {
        OutOfMemoryError failure = null;
        for (int fd : fds) {
            try {
                if (fd >= 0) {
                    close(fd);
                }
            } catch (OutOfMemoryError shortage) {
                failure = shortage;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Two descriptors. */
    @FunctionalInterface
    interface Pairing<T> {
        T of(int first, int second);
    }

    /** What stands for two new descriptors; they are closed where there is no memory for it. */
    static <T> Answer<T> both(MemorySegment descriptors, Pairing<T> pairing) {
        int first = descriptors.getAtIndex(ValueLayout.JAVA_INT, 0);
        int second = descriptors.getAtIndex(ValueLayout.JAVA_INT, 1);
        boolean complete = false;
        try {
            Answer<T> answer = Answer.of(pairing.of(first, second));
            complete = true;
            return answer;
        } finally {
            if (!complete) {
                try {
                    close(first);
                } finally {
                    close(second);
                }
            }
        }
    }

    /**
     * What kind of file it is. Never waits: it does not change, and a remote file system is not asked.
     *
     * @param fd open in any way
     * @return the kind; null if it cannot be asked
     */
    public static @Nullable FileKind kind(int fd) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment state = scratch.allocate(Statx.LAYOUT);
            MemorySegment itself = scratch.allocate(1, 1);
            int flags = Directories.AT_EMPTY_PATH | Directories.AT_STATX_DONT_SYNC;
            return Directories.statx(fd, itself, flags, Directories.STATX_TYPE, state) < 0
                    ? null
                    : FileStats.kind(state);
        }
    }
}
