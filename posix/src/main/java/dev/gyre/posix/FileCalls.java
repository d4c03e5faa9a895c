package dev.gyre.posix;

import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Iovec;
import dev.gyre.linux.Statx;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What is done to files without waiting for a device. */
public final class FileCalls {
    private FileCalls() {}

    /**
     * Refuses what is no offset.
     *
     * @param offset of a file, 0 or more
     */
    public static void requireOffset(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("offset " + offset + " is negative");
        }
    }

    /**
     * Refuses what is no part of a file.
     *
     * @param offset of its first byte, 0 or more
     * @param length its bytes, 0 or more
     * @return the length, less what lies beyond the last offset that there is
     */
    public static long requireRange(long offset, long length) {
        requireOffset(offset);
        if (length < 0) {
            throw new IllegalArgumentException("length " + length + " is negative");
        }
        return Math.min(length, Long.MAX_VALUE - offset);
    }

    /**
     * Refuses memory that the kernel cannot reach.
     *
     * @param buffer native
     */
    public static void requireNative(MemorySegment buffer) {
        if (!buffer.isNative()) {
            throw new IllegalArgumentException(
                    "the kernel cannot reach heap memory: allocate the buffer from an Arena");
        }
    }

    /**
     * Refuses memory that the kernel cannot reach, or that nobody may write to.
     *
     * @param buffer native, writable
     */
    public static void requireWritable(MemorySegment buffer) {
        requireNative(buffer);
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException("the buffer to read into is read-only");
        }
    }

    /**
     * Reads what is in the page cache.
     *
     * @param fd open for reading
     * @param buffer native, writable
     * @param offset of the first byte
     * @return the number of bytes, or a negative error number: {@code EAGAIN} where a device would have to be asked,
     *     or where the file system cannot tell
     */
    public static int readCached(int fd, MemorySegment buffer, long offset) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment vector = scratch.allocate(Iovec.LAYOUT);
            vector.set(ValueLayout.JAVA_LONG, Iovec.IOV_BASE, buffer.address());
            vector.set(ValueLayout.JAVA_LONG, Iovec.IOV_LEN, buffer.byteSize());
            long result = Files.preadv2(fd, vector, 1, offset, Files.RWF_NOWAIT);
            return (int) (result == -Errno.EOPNOTSUPP.code() ? -Errno.EAGAIN.code() : result);
        }
    }

    /**
     * Whether a part of a file is in the page cache, as far as its first and last byte tell.
     *
     * @param fd open for reading
     * @param offset of the first byte
     * @param length in bytes, 1 or more
     * @return true also where the file ends before
     */
    public static boolean isCached(int fd, long offset, long length) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment one = scratch.allocate(1, 1);
            return readCached(fd, one, offset) != -Errno.EAGAIN.code()
                    && readCached(fd, one, offset + length - 1) != -Errno.EAGAIN.code();
        }
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
     * Asks for the state of an open file. Its attributes are in memory, except on a network file system that asks its
     * server.
     *
     * @param fd open in any way
     * @param target for messages
     * @return the state
     * @throws IoException with a reason of {@link Operation#STAT}
     */
    public static FileStat stat(int fd, Object target) throws IoException {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment state = scratch.allocate(Statx.LAYOUT);
            MemorySegment itself = scratch.allocate(1, 1);
            int result;
            do {
                result = Directories.statx(fd, itself, Directories.AT_EMPTY_PATH, FileStats.MASK, state);
            } while (result < 0 && Operation.STAT.retries(-result));
            if (result < 0) {
                throw Operation.STAT.failure(-result, target);
            }
            return FileStats.read(state);
        }
    }
}
