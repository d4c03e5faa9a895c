package dev.gyre.linux;

import static dev.gyre.linux.Libc.INT;
import static dev.gyre.linux.Libc.LONG;

import dev.gyre.linux.layout.Flock;
import dev.gyre.linux.layout.Iovec;
import dev.gyre.linux.layout.OpenHow;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Opening and closing files, and everything that is done to an open one. What is done to names in directories is in
 * {@link Directories}.
 *
 * <p>A call answers with 0 or more, or with a negated {@link Errno}. Any thread may call. A call that reads, writes,
 * waits for a lock or makes data durable blocks its thread until that is done or, where it says EINTR, until a signal
 * arrives; most calls on a file system can wait for a disk or a server, too. Memory belongs to the caller and must stay
 * as it is until the call returns. Source: section 2 of the Linux manual pages, under the name of the call; where no
 * first kernel is given, it is older than any that this package can run on.
 */
public final class Files {
    // Flags of open(2).

    /** For reading. */
    public static final int O_RDONLY = 0;
    /** For writing. */
    public static final int O_WRONLY = 1;
    /** For both. */
    public static final int O_RDWR = 2;
    /** Makes the file if there is none. */
    public static final int O_CREAT = 0100;
    /** With O_CREAT: there must be none. */
    public static final int O_EXCL = 0200;
    /** A terminal does not become the process's controlling one. */
    public static final int O_NOCTTY = 0400;
    /** The file becomes empty. */
    public static final int O_TRUNC = 01000;
    /** Each write goes to the end. */
    public static final int O_APPEND = 02000;
    /** Calls answer EAGAIN instead of waiting: for pipes, sockets and devices. */
    public static final int O_NONBLOCK = 04000;
    /** Each write is durable as if after fdatasync(2). */
    public static final int O_DSYNC = 010000;
    /** Each write is durable as if after fsync(2). */
    public static final int O_SYNC = 04010000;
    /** Around the page cache: memory, offset and length must be aligned. */
    public static final int O_DIRECT = Architecture.current().choose(0x4000, 0x10000);
    /** Files of 2 GiB and more: always on in 64-bit processes, and visible in what F_GETFL answers. */
    public static final int O_LARGEFILE = Architecture.current().choose(0x8000, 0x20000);
    /** The file must be a directory. */
    public static final int O_DIRECTORY = Architecture.current().choose(0x10000, 0x4000);
    /** The last part of the path must not be a symbolic link. */
    public static final int O_NOFOLLOW = Architecture.current().choose(0x20000, 0x8000);
    /** Reading does not change the time of access. */
    public static final int O_NOATIME = 01000000;
    /** The descriptor is closed by execve(2). */
    public static final int O_CLOEXEC = 02000000;
    /** Only a place in the tree, not for reading or writing. */
    public static final int O_PATH = 010000000;
    /** A file without a name, in the directory that the path leads to; from kernel 3.11. */
    public static final int O_TMPFILE = 020000000 | O_DIRECTORY;

    // OpenHow.RESOLVE: how openat2(2) follows a path; from kernel 5.6.

    /** Stays on one file system. */
    public static final int RESOLVE_NO_XDEV = 0x01;
    /** Refuses links like those in /proc/self/fd. */
    public static final int RESOLVE_NO_MAGICLINKS = 0x02;
    /** Refuses all symbolic links. */
    public static final int RESOLVE_NO_SYMLINKS = 0x04;
    /** Refuses to leave the directory. */
    public static final int RESOLVE_BENEATH = 0x08;
    /** Takes the directory for the root. */
    public static final int RESOLVE_IN_ROOT = 0x10;
    /** Answers EAGAIN if it would have to wait; from kernel 5.12. */
    public static final int RESOLVE_CACHED = 0x20;

    // Flags of preadv2(2) and pwritev2(2).

    /** Polls the device. */
    public static final int RWF_HIPRI = 0x01;
    /** Durable as with O_DSYNC. */
    public static final int RWF_DSYNC = 0x02;
    /** Durable as with O_SYNC. */
    public static final int RWF_SYNC = 0x04;
    /** Answers EAGAIN if it would have to wait; reading from kernel 4.14. */
    public static final int RWF_NOWAIT = 0x08;
    /** Goes to the end, whatever the offset; from kernel 4.16. */
    public static final int RWF_APPEND = 0x10;

    // Where lseek(2) counts from.

    /** From the beginning. */
    public static final int SEEK_SET = 0;
    /** From the current position. */
    public static final int SEEK_CUR = 1;
    /** From the end. */
    public static final int SEEK_END = 2;
    /** To the next data at or after the offset. */
    public static final int SEEK_DATA = 3;
    /** To the next hole at or after the offset. */
    public static final int SEEK_HOLE = 4;

    // Modes of fallocate(2); 0 is to allocate and extend.

    /** The length of the file stays. */
    public static final int FALLOC_FL_KEEP_SIZE = 0x01;
    /** The range becomes a hole; needs FALLOC_FL_KEEP_SIZE. */
    public static final int FALLOC_FL_PUNCH_HOLE = 0x02;
    /** The range is taken out. */
    public static final int FALLOC_FL_COLLAPSE_RANGE = 0x08;
    /** The range becomes zeros. */
    public static final int FALLOC_FL_ZERO_RANGE = 0x10;
    /** A hole is put in. */
    public static final int FALLOC_FL_INSERT_RANGE = 0x20;

    // Commands of fcntl(2) that take or return an int.

    /** Duplicates to a descriptor not less than the argument. */
    public static final int F_DUPFD = 0;
    /** Asks for descriptor flags. */
    public static final int F_GETFD = 1;
    /** Sets descriptor flags. */
    public static final int F_SETFD = 2;
    /** Asks for {@code O_*}. */
    public static final int F_GETFL = 3;
    /** Sets O_APPEND, O_DIRECT, O_NOATIME and O_NONBLOCK. */
    public static final int F_SETFL = 4;
    /** Sets the capacity of a pipe, in bytes. */
    public static final int F_SETPIPE_SZ = 1031;
    /** Asks for the capacity of a pipe, in bytes. */
    public static final int F_GETPIPE_SZ = 1032;
    /** As F_DUPFD, closed by execve(2). */
    public static final int F_DUPFD_CLOEXEC = 1030;
    /** The one descriptor flag: closed by execve(2). */
    public static final int FD_CLOEXEC = 1;

    // Locks of an open file by fcntl(2), with a Flock; from kernel 3.15.

    /** Sets or takes back a lock, or answers EAGAIN. */
    public static final int F_OFD_SETLK = 37;
    /** Sets or takes back a lock, and waits for it. */
    public static final int F_OFD_SETLKW = 38;
    /** A lock that is shared with others of its kind. */
    public static final int F_RDLCK = 0;
    /** A lock that is shared with nobody. */
    public static final int F_WRLCK = 1;
    /** No lock. */
    public static final int F_UNLCK = 2;

    // Requests of ioctl(2) for files.

    /** Makes a file share all blocks of another one. */
    public static final int FICLONE = 0x40049409;

    // Operations of flock(2).

    /** Shared with other shared locks. */
    public static final int LOCK_SH = 1;
    /** Shared with nobody. */
    public static final int LOCK_EX = 2;
    /** Added to those: answers EAGAIN instead of waiting. */
    public static final int LOCK_NB = 4;
    /** Lets go. */
    public static final int LOCK_UN = 8;

    // Flags of splice(2).

    /** Nothing, for now. */
    public static final int SPLICE_F_MOVE = 1;
    /** Does not wait for the pipe. */
    public static final int SPLICE_F_NONBLOCK = 2;
    /** More follows. */
    public static final int SPLICE_F_MORE = 4;

    // Advice of posix_fadvise(3).

    /** None. */
    public static final int POSIX_FADV_NORMAL = 0;
    /** Will be used in no order. */
    public static final int POSIX_FADV_RANDOM = 1;
    /** Will be used in order. */
    public static final int POSIX_FADV_SEQUENTIAL = 2;
    /** Will be used soon. */
    public static final int POSIX_FADV_WILLNEED = 3;
    /** Will not be used soon. */
    public static final int POSIX_FADV_DONTNEED = 4;

    // Flags of memfd_create(2).

    /** The descriptor is closed by execve(2). */
    public static final int MFD_CLOEXEC = 1;
    /** It can never be executed; from kernel 6.3. */
    public static final int MFD_NOEXEC_SEAL = 8;

    // Limits.

    /** The most bytes that one call reads or writes: read(2). */
    public static final int TRANSFER_MAX = 0x7fff_f000;
    /** The most elements that one call takes of an array of {@link Iovec}: the kernel's UIO_MAXIOV. */
    public static final int VECTORS_MAX = 1024;

    // A 32-bit kernel takes the upper half of an offset apart; a 64-bit one ignores this argument.
    private static final long HIGH_HALF = 0;

    private Files() {}

    /**
     * Opens a file: openat(2). Can block on a pipe with a name, a device, a lease or a slow file system.
     *
     * @param directory a descriptor of the directory at which a relative path begins, or {@link Directories#AT_FDCWD}
     * @param path a path that ends in a 0 byte, in native memory
     * @param flags {@code O_*}; without O_CLOEXEC a child process inherits the descriptor
     * @param mode permissions of a new file, less the umask; 0 if no file can be made
     * @return a descriptor that the caller owns, or negated: EAGAIN (a lease, and O_NONBLOCK), EBADF, EACCES, EBUSY,
     *     EDQUOT, EEXIST, EFAULT, EFBIG, EINTR, EINVAL, EISDIR, ELOOP, EMFILE, ENAMETOOLONG, ENFILE, ENODEV, ENOENT,
     *     ENOMEM, ENOSPC, ENOTDIR, ENXIO, EOPNOTSUPP, EOVERFLOW, EPERM, EROFS, ETXTBSY
     */
    public static int openat(int directory, MemorySegment path, int flags, int mode) {
        return (int) Kernel.call(SystemCallNumber.OPENAT, directory, path.address(), flags, mode, path);
    }

    /**
     * Opens a file, with limits on where the path may lead: openat2(2). Blocks like {@link #openat}. From kernel 5.6.
     *
     * @param directory a descriptor of the directory at which a relative path begins, or {@link Directories#AT_FDCWD}
     * @param path a path that ends in a 0 byte, in native memory
     * @param how an {@link OpenHow}
     * @param size {@link OpenHow#SIZE}
     * @return a descriptor that the caller owns, or negated: E2BIG (a field unknown to this kernel is set), EAGAIN (a
     *     race during RESOLVE_BENEATH or RESOLVE_IN_ROOT, or RESOLVE_CACHED), EBADF, ENOSYS, EXDEV (the path leads out
     *     of bounds), EACCES, EBUSY, EDQUOT, EEXIST, EFAULT, EFBIG, EINTR, EINVAL, EISDIR, ELOOP, EMFILE, ENAMETOOLONG,
     *     ENFILE, ENODEV, ENOENT, ENOMEM, ENOSPC, ENOTDIR, ENXIO, EOPNOTSUPP, EOVERFLOW, EPERM, EROFS, ETXTBSY
     */
    public static int openat2(int directory, MemorySegment path, MemorySegment how, long size) {
        Assert.lengthFits(size, how);
        return (int) Kernel.call(SystemCallNumber.OPENAT2, directory, path.address(), how.address(), size, path, how);
    }

    /**
     * Reads from a position what is in the page cache, without waiting for a device: preadv2(2) with RWF_NOWAIT. With
     * direct I/O there is no page cache, and it waits all the same. From kernel 4.14.
     *
     * @param fd an open file descriptor
     * @param buffer native memory to read into
     * @param length bytes, 0 to the size of the buffer
     * @param offset where in the file, in bytes, 0 or more
     * @return the bytes read, perhaps fewer, 0 at the end, or negated: EAGAIN (not in the page cache), EOPNOTSUPP (this
     *     file system cannot tell), and as {@link #pread}
     */
    public static long preadCached(int fd, MemorySegment buffer, long length, long offset) {
        Assert.lengthFits(length, buffer);
        MemorySegment vector = SegmentPool.ARGUMENTS.borrow();
        try {
            vector.set(ValueLayout.JAVA_LONG, Iovec.IOV_BASE, buffer.address());
            vector.set(ValueLayout.JAVA_LONG, Iovec.IOV_LEN, length);
            return Kernel.call(SystemCallNumber.PREADV2, fd, vector.address(), 1, offset, HIGH_HALF, RWF_NOWAIT,
                    buffer, vector);
        } finally {
            SegmentPool.ARGUMENTS.giveBack(vector);
        }
    }

    /**
     * How many pages of a part of a file are in the page cache: cachestat(2). Does not block. From kernel 6.5.
     *
     * @param fd an open file descriptor
     * @param offset where the part begins, in bytes, 0 or more
     * @param length its bytes; 0 for all up to the end of the file
     * @return 0 or more, or negated: EBADF, EFAULT, EINVAL, ENOSYS (an older kernel), EOPNOTSUPP (huge pages), EPERM
     */
    public static long cachedPages(int fd, long offset, long length) {
        MemorySegment argument = SegmentPool.ARGUMENTS.borrow();
        try {
            // struct cachestat_range, and behind it struct cachestat, which begins with the number asked for.
            argument.set(ValueLayout.JAVA_LONG, 0, offset);
            argument.set(ValueLayout.JAVA_LONG, Long.BYTES, length);
            long answer = argument.address() + 2 * Long.BYTES;
            long result = Kernel.call(SystemCallNumber.CACHESTAT, fd, argument.address(), answer, 0, argument);
            return result < 0 ? result : argument.get(ValueLayout.JAVA_LONG, 2 * Long.BYTES);
        } finally {
            SegmentPool.ARGUMENTS.giveBack(argument);
        }
    }

    /**
     * Closes a descriptor: close(2). Can block on a file system that writes out on close, or on a socket with
     * SO_LINGER.
     *
     * <p>Linux frees the number first of all, so whatever the answer, except EBADF, the descriptor is gone: calling
     * again could close what another thread has just opened.
     *
     * @param fd a file descriptor
     * @return 0, or negated: EBADF, EDQUOT, EINTR, EIO, ENOSPC (the last four about earlier writes)
     */
    public static int close(int fd) {
        return (int) Kernel.call(SystemCallNumber.CLOSE, fd);
    }

    /**
     * Reads from the current position, and moves it: read(2). Blocks.
     *
     * @param fd an open file descriptor
     * @param buffer native memory to read into
     * @param length bytes, 0 to the size of the buffer; the kernel moves at most {@link #TRANSFER_MAX} in one call
     * @return the bytes read, 0 at the end, or negated: EAGAIN (would block), EBADF, EFAULT, EINTR, EINVAL, EIO,
     *     EISDIR, and for a socket ECONNREFUSED, ECONNRESET, ENOTCONN, ETIMEDOUT
     */
    public static long read(int fd, MemorySegment buffer, long length) {
        Assert.lengthFits(length, buffer);
        return Kernel.call(SystemCallNumber.READ, fd, buffer.address(), length, buffer);
    }

    /**
     * Writes at the current position, and moves it: write(2). Blocks.
     *
     * @param fd an open file descriptor
     * @param buffer native memory to write from
     * @param length bytes, 0 to the size of the buffer; the kernel moves at most {@link #TRANSFER_MAX} in one call
     * @return the bytes written, perhaps fewer, or negated: EAGAIN (would block), EBADF, EDESTADDRREQ, EDQUOT, EFAULT,
     *     EFBIG, EINTR, EINVAL, EIO, ENOSPC, EPERM (sealed), EPIPE (nobody reads; the process also gets SIGPIPE, which
     *     the Java virtual machine ignores), and for a socket ECONNRESET, ENOTCONN
     */
    public static long write(int fd, MemorySegment buffer, long length) {
        Assert.lengthFits(length, buffer);
        return Kernel.call(SystemCallNumber.WRITE, fd, buffer.address(), length, buffer);
    }

    /**
     * Reads into several buffers: readv(2). Blocks.
     *
     * @param fd an open file descriptor
     * @param vectors an array of {@link Iovec}
     * @param count how many elements it has, 0 to {@link #VECTORS_MAX}
     * @return as {@link #read}
     */
    public static long readv(int fd, MemorySegment vectors, int count) {
        Assert.lengthFits(count * Iovec.SIZE, vectors);
        return Kernel.call(SystemCallNumber.READV, fd, vectors.address(), count, vectors);
    }

    /**
     * Writes from several buffers: writev(2). Blocks.
     *
     * @param fd an open file descriptor
     * @param vectors an array of {@link Iovec}
     * @param count how many elements it has, 0 to {@link #VECTORS_MAX}
     * @return as {@link #write}
     */
    public static long writev(int fd, MemorySegment vectors, int count) {
        Assert.lengthFits(count * Iovec.SIZE, vectors);
        return Kernel.call(SystemCallNumber.WRITEV, fd, vectors.address(), count, vectors);
    }

    /**
     * Reads from a position, and leaves the current one alone: pread(2). Blocks.
     *
     * @param fd an open file descriptor
     * @param buffer native memory to read into
     * @param length bytes, 0 to the size of the buffer; the kernel moves at most {@link #TRANSFER_MAX} in one call
     * @param offset where in the file, in bytes, 0 or more
     * @return the bytes read, 0 at the end, or negated: EAGAIN (would block), EBADF, EFAULT, EINTR, EINVAL, EIO,
     *     EISDIR, ENXIO, EOVERFLOW, ESPIPE (the file has no positions)
     */
    public static long pread(int fd, MemorySegment buffer, long length, long offset) {
        Assert.lengthFits(length, buffer);
        return Kernel.call(SystemCallNumber.PREAD64, fd, buffer.address(), length, offset, buffer);
    }

    /**
     * Writes at a position, and leaves the current one alone: pwrite(2). Blocks. With O_APPEND it goes to the end all
     * the same.
     *
     * @param fd an open file descriptor
     * @param buffer native memory to write from
     * @param length bytes, 0 to the size of the buffer; the kernel moves at most {@link #TRANSFER_MAX} in one call
     * @param offset where in the file, in bytes, 0 or more
     * @return the bytes written, perhaps fewer, or negated: EAGAIN (would block), EBADF, EDESTADDRREQ, EDQUOT, EFAULT,
     *     EFBIG, EINTR, EINVAL, EIO, ENOSPC, EPERM (sealed), EPIPE, ENXIO, EOVERFLOW, ESPIPE (the file has no
     *     positions)
     */
    public static long pwrite(int fd, MemorySegment buffer, long length, long offset) {
        Assert.lengthFits(length, buffer);
        return Kernel.call(SystemCallNumber.PWRITE64, fd, buffer.address(), length, offset, buffer);
    }

    /**
     * Reads into several buffers from a position: preadv2(2). Blocks, unless RWF_NOWAIT. From kernel 4.6.
     *
     * @param fd an open file descriptor
     * @param vectors an array of {@link Iovec}
     * @param count how many elements it has, 0 to {@link #VECTORS_MAX}
     * @param offset where in the file, in bytes; -1 for the current position, which is then moved
     * @param flags {@code RWF_*}
     * @return as {@link #pread}, and EOPNOTSUPP (a flag that this kernel, file or file system does not know)
     */
    public static long preadv2(int fd, MemorySegment vectors, int count, long offset, int flags) {
        Assert.lengthFits(count * Iovec.SIZE, vectors);
        return Kernel.call(SystemCallNumber.PREADV2, fd, vectors.address(), count, offset, HIGH_HALF, flags, vectors);
    }

    /**
     * Writes from several buffers at a position: pwritev2(2). Blocks, unless RWF_NOWAIT. From kernel 4.6.
     *
     * @param fd an open file descriptor
     * @param vectors an array of {@link Iovec}
     * @param count how many elements it has, 0 to {@link #VECTORS_MAX}
     * @param offset where in the file, in bytes; -1 for the current position, which is then moved
     * @param flags {@code RWF_*}
     * @return as {@link #pwrite}, and EOPNOTSUPP (a flag that this kernel, file or file system does not know)
     */
    public static long pwritev2(int fd, MemorySegment vectors, int count, long offset, int flags) {
        Assert.lengthFits(count * Iovec.SIZE, vectors);
        return Kernel.call(SystemCallNumber.PWRITEV2, fd, vectors.address(), count, offset, HIGH_HALF, flags, vectors);
    }

    /**
     * Moves the current position: lseek(2).
     *
     * @param fd an open file descriptor
     * @param offset bytes
     * @param whence {@code SEEK_*}
     * @return the new position from the beginning, or negated: EBADF, EINVAL, ENXIO (no data or hole there), EOVERFLOW,
     *     ESPIPE
     */
    public static long lseek(int fd, long offset, int whence) {
        return Kernel.call(SystemCallNumber.LSEEK, fd, offset, whence);
    }

    /**
     * Makes data and metadata of a file durable: fsync(2). Blocks until the device has it.
     *
     * @param fd an open file descriptor
     * @return 0, or negated: EBADF, EDQUOT, EINTR, EINVAL (not for this kind of file), EIO (writing failed, and was
     *     perhaps reported just this once), ENOSPC, EROFS
     */
    public static int fsync(int fd) {
        return (int) Kernel.call(SystemCallNumber.FSYNC, fd);
    }

    /**
     * Makes data of a file durable, and as much metadata as reading it back needs: fdatasync(2). Blocks until the
     * device has it.
     *
     * @param fd an open file descriptor
     * @return as {@link #fsync}
     */
    public static int fdatasync(int fd) {
        return (int) Kernel.call(SystemCallNumber.FDATASYNC, fd);
    }

    /**
     * Sets the length of a file: ftruncate(2). What is added reads as zeros.
     *
     * @param fd an open file descriptor
     * @param length bytes, 0 or more
     * @return 0, or negated: EBADF, EFBIG, EINTR, EINVAL (also: not open for writing), EIO, EPERM, EROFS, ETXTBSY
     */
    public static int ftruncate(int fd, long length) {
        return (int) Kernel.call(SystemCallNumber.FTRUNCATE, fd, length);
    }

    /**
     * Allocates, frees, zeroes, inserts or removes room in a file: fallocate(2). Can block for long.
     *
     * @param fd an open file descriptor
     * @param mode {@code FALLOC_FL_*}, or 0
     * @param offset where in the file, in bytes, 0 or more
     * @param length bytes, more than 0
     * @return 0, or negated: EBADF, EFBIG, EINTR, EINVAL, EIO, ENODEV, ENOSPC, ENOSYS, EOPNOTSUPP (not on this file
     *     system), EPERM, ESPIPE, ETXTBSY
     */
    public static int fallocate(int fd, int mode, long offset, long length) {
        return (int) Kernel.call(SystemCallNumber.FALLOCATE, fd, mode, offset, length);
    }

    /**
     * Tells how a part of a file will be used: posix_fadvise(2).
     *
     * @param fd an open file descriptor
     * @param offset where in the file, in bytes
     * @param length bytes, 0 or more; 0 for all that follow
     * @param advice {@code POSIX_FADV_*}
     * @return 0, or negated: EBADF, EINVAL, ESPIPE (a pipe)
     */
    public static int fadvise(int fd, long offset, long length, int advice) {
        return (int) Kernel.call(SystemCallNumber.FADVISE64, fd, offset, length, advice);
    }

    /**
     * Sets the permissions of an open file: fchmod(2).
     *
     * @param fd an open file descriptor
     * @param mode permissions
     * @return 0, or negated: EBADF, EIO, ENOMEM, EPERM, EROFS
     */
    public static int fchmod(int fd, int mode) {
        return (int) Kernel.call(SystemCallNumber.FCHMOD, fd, mode);
    }

    /**
     * Sets the owner of an open file: fchown(2).
     *
     * @param fd an open file descriptor
     * @param user a user id, or -1 to leave it
     * @param group a group id, or -1 to leave it
     * @return 0, or negated: EBADF, EDQUOT, EIO, EPERM, EROFS
     */
    public static int fchown(int fd, int user, int group) {
        return (int) Kernel.call(SystemCallNumber.FCHOWN, fd, user, group);
    }

    /**
     * Locks or unlocks a whole file, for as long as this opening of it lasts: flock(2). Blocks until it has the lock,
     * unless LOCK_NB.
     *
     * @param fd an open file descriptor
     * @param operation {@code LOCK_*}
     * @return 0, or negated: EAGAIN (somebody has it, and LOCK_NB), EBADF, EINTR, EINVAL, ENOLCK
     */
    public static int flock(int fd, int operation) {
        return (int) Kernel.call(SystemCallNumber.FLOCK, fd, operation);
    }

    /**
     * Makes a pipe: pipe2(2). The caller owns both descriptors.
     *
     * @param fds two 32-bit places; the kernel writes the end to read from, then the end to write to
     * @param flags O_CLOEXEC, O_DIRECT, O_NONBLOCK
     * @return 0, or negated: EFAULT, EINVAL, EMFILE, ENFILE
     */
    public static int pipe2(MemorySegment fds, int flags) {
        Assert.lengthFits(2 * INT.byteSize(), fds);
        return (int) Kernel.call(SystemCallNumber.PIPE2, fds.address(), flags, fds);
    }

    /**
     * Makes an empty file in memory, which no directory has: memfd_create(2).
     *
     * @param name for people who look into /proc; ends in a 0 byte, in native memory
     * @param flags {@code MFD_*}
     * @return a descriptor that the caller owns, or negated: EACCES, EFAULT, EINVAL (also: a flag that this kernel does
     *     not know), EMFILE, ENFILE, ENOMEM, EPERM
     */
    public static int memfdCreate(MemorySegment name, int flags) {
        return (int) Kernel.call(SystemCallNumber.MEMFD_CREATE, name.address(), flags, name);
    }

    /**
     * Duplicates a descriptor, without O_CLOEXEC: dup(2); for one with it there is F_DUPFD_CLOEXEC.
     *
     * @param fd an open file descriptor
     * @return a descriptor that the caller owns, or negated: EBADF, EMFILE
     */
    public static int dup(int fd) {
        return (int) Kernel.call(SystemCallNumber.DUP, fd);
    }

    /**
     * Asks for or sets something about a descriptor: fcntl(2).
     *
     * @param fd an open file descriptor
     * @param command one of {@code F_*} here
     * @param argument what the command takes, or 0
     * @return what the command answers, or negated: EBADF, EBUSY, EINVAL, EMFILE, EPERM
     */
    public static int fcntl(int fd, int command, int argument) {
        return (int) Kernel.call(SystemCallNumber.FCNTL, fd, command, argument);
    }

    /**
     * Locks or unlocks a part of a file for as long as this opening of it lasts: fcntl(2). Blocks if the command says
     * so. From kernel 3.15.
     *
     * @param fd an open file descriptor, for reading or writing as the lock asks for
     * @param command {@link #F_OFD_SETLK} or {@link #F_OFD_SETLKW}
     * @param lock a {@link Flock} whose l_pid is 0
     * @return 0, or negated: EACCES or EAGAIN (somebody has it), EBADF (also: not open as the lock asks for), EINTR,
     *     EINVAL (not for this kind of file), ENOLCK
     */
    public static int fcntlLock(int fd, int command, MemorySegment lock) {
        Assert.lengthFits(Flock.SIZE, lock);
        return (int) Kernel.call(SystemCallNumber.FCNTL, fd, command, lock.address(), lock);
    }

    /**
     * Makes a file share all blocks of another one, until one of them is written: ioctl(2) with {@link #FICLONE}.
     * Blocks. From kernel 4.5.
     *
     * @param to open for writing
     * @param from open for reading, on the same file system
     * @return 0, or negated: EBADF, EINVAL (also: not for this kind of file), EISDIR, ENOSPC, ENOTTY and EOPNOTSUPP
     *     (not on this file system), EPERM, ETXTBSY, EXDEV
     */
    public static int clone(int to, int from) {
        return (int) Kernel.call(SystemCallNumber.IOCTL, to, FICLONE, from);
    }

    /**
     * Copies from a file to any descriptor inside the kernel: sendfile(2). Blocks.
     *
     * @param out where to
     * @param in a file that can be mapped
     * @param offset 64 bits, where in the file, which the kernel moves on; or {@link MemorySegment#NULL} for its
     *     current position
     * @param count bytes
     * @return the bytes copied, or negated: EAGAIN, EBADF, EFAULT, EINVAL (also: not for these files), EIO, ENOMEM,
     *     EOVERFLOW, ESPIPE, and what {@link #write} answers
     */
    public static long sendfile(int out, int in, MemorySegment offset, long count) {
        Assert.lengthFitsOrNull(LONG.byteSize(), offset);
        return Kernel.call(SystemCallNumber.SENDFILE, out, in, offset.address(), count, offset);
    }

    /**
     * Moves data between a pipe and any descriptor inside the kernel: splice(2). Blocks.
     *
     * @param in where from
     * @param offsetIn 64 bits, moved on by the kernel; {@link MemorySegment#NULL} for a pipe or the current position
     * @param out where to
     * @param offsetOut likewise
     * @param length bytes
     * @param flags {@code SPLICE_F_*}
     * @return the bytes moved, 0 at the end, or negated: EAGAIN, EBADF, EINVAL (also: neither is a pipe), ENOMEM,
     *     ESPIPE, and what {@link #read} and {@link #write} answer
     */
    public static long splice(
            int in, MemorySegment offsetIn, int out, MemorySegment offsetOut, long length, int flags) {
        Assert.lengthFitsOrNull(LONG.byteSize(), offsetIn);
        Assert.lengthFitsOrNull(LONG.byteSize(), offsetOut);
        return Kernel.call(
                SystemCallNumber.SPLICE, in, offsetIn.address(), out, offsetOut.address(), length, flags, offsetIn,
                offsetOut);
    }

    /**
     * Copies between two files inside the kernel or on the device, perhaps by sharing blocks: copy_file_range(2).
     * Blocks. From kernel 4.5; across file systems from 5.3.
     *
     * @param in a regular file
     * @param offsetIn 64 bits, moved on by the kernel; or {@link MemorySegment#NULL} for the current position
     * @param out a regular file
     * @param offsetOut likewise
     * @param length bytes
     * @param flags 0
     * @return the bytes copied, 0 at the end, or negated: EBADF, EFBIG, EINVAL (also: the ranges overlap), EIO, EISDIR,
     *     ENOMEM, ENOSPC, EOPNOTSUPP, EOVERFLOW, EPERM, ETXTBSY, EXDEV (not across these file systems)
     */
    public static long copyFileRange(
            int in, MemorySegment offsetIn, int out, MemorySegment offsetOut, long length, int flags) {
        Assert.lengthFitsOrNull(LONG.byteSize(), offsetIn);
        Assert.lengthFitsOrNull(LONG.byteSize(), offsetOut);
        return Kernel.call(
                SystemCallNumber.COPY_FILE_RANGE, in, offsetIn.address(), out, offsetOut.address(), length, flags,
                offsetIn, offsetOut);
    }
}
