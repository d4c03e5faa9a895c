package dev.gyre.linux;

import dev.gyre.linux.layout.Dirent64;
import dev.gyre.linux.layout.Statx;
import dev.gyre.linux.layout.Timespec;
import java.lang.foreign.MemorySegment;

/**
 * Names in directories: listing, making, removing, renaming, linking them, and describing and changing what they lead
 * to.
 *
 * <p>A call answers with 0 or more, or with a negated {@link Errno}. Any thread may call. None waits for other
 * processes, but each can wait for a disk or a server. Every path ends in a 0 byte and lies in native memory that
 * belongs to the caller; a relative one begins at a directory that is given by its descriptor, or by {@link #AT_FDCWD}.
 * Source: section 2 of the Linux manual pages, under the name of the call.
 */
public final class Directories {
    // Directories and flags.

    /** Instead of a descriptor: the current directory of the process. */
    public static final int AT_FDCWD = -100;
    /** A symbolic link is meant itself, not what it leads to. */
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    /** Removes a directory, not another file. */
    public static final int AT_REMOVEDIR = 0x200;
    /** Asks with the effective user and group instead of the real ones. */
    public static final int AT_EACCESS = 0x200;
    /** What a symbolic link leads to is meant. */
    public static final int AT_SYMLINK_FOLLOW = 0x400;
    /** Does not mount what would be mounted on use. */
    public static final int AT_NO_AUTOMOUNT = 0x800;
    /** An empty path means the descriptor itself. */
    public static final int AT_EMPTY_PATH = 0x1000;

    // What statx(2) is asked for; from kernel 4.11.

    /** The kind of file. */
    public static final int STATX_TYPE = 0x0001;
    /** Permissions. */
    public static final int STATX_MODE = 0x0002;
    /** The number of names. */
    public static final int STATX_NLINK = 0x0004;
    /** The user who owns it. */
    public static final int STATX_UID = 0x0008;
    /** The group that owns it. */
    public static final int STATX_GID = 0x0010;
    /** The time of the last access. */
    public static final int STATX_ATIME = 0x0020;
    /** The time of the last change of data. */
    public static final int STATX_MTIME = 0x0040;
    /** The time of the last change of anything. */
    public static final int STATX_CTIME = 0x0080;
    /** The inode number. */
    public static final int STATX_INO = 0x0100;
    /** The length. */
    public static final int STATX_SIZE = 0x0200;
    /** The room it takes. */
    public static final int STATX_BLOCKS = 0x0400;
    /** All of these. */
    public static final int STATX_BASIC_STATS = 0x07ff;
    /** The time it was made. */
    public static final int STATX_BTIME = 0x0800;
    /** The mount it is on; from kernel 5.8. */
    public static final int STATX_MNT_ID = 0x1000;
    /** The number of its mount, which no other ever has. Linux 6.8; then the answer's mask has it. */
    public static final int STATX_MNT_ID_UNIQUE = 0x4000;
    /** The alignment that O_DIRECT needs; from kernel 6.1. */
    public static final int STATX_DIOALIGN = 0x2000;
    /** As up to date as with stat(2). */
    public static final int AT_STATX_SYNC_AS_STAT = 0x0000;
    /** Asks the server. */
    public static final int AT_STATX_FORCE_SYNC = 0x2000;
    /** Does not ask the server. */
    public static final int AT_STATX_DONT_SYNC = 0x4000;
    /** In Statx.STX_ATTRIBUTES: the root of a mount; from kernel 5.8. */
    public static final int STATX_ATTR_MOUNT_ROOT = 0x2000;

    // Kinds of file and permissions, as in Statx.STX_MODE.

    /** The bits that hold the kind. */
    public static final int S_IFMT = 0170000;
    /** A socket. */
    public static final int S_IFSOCK = 0140000;
    /** A symbolic link. */
    public static final int S_IFLNK = 0120000;
    /** A regular file. */
    public static final int S_IFREG = 0100000;
    /** A block device. */
    public static final int S_IFBLK = 0060000;
    /** A directory. */
    public static final int S_IFDIR = 0040000;
    /** A character device. */
    public static final int S_IFCHR = 0020000;
    /** A pipe. */
    public static final int S_IFIFO = 0010000;
    /** Runs as its owner. */
    public static final int S_ISUID = 0004000;
    /** Runs as its group; in a directory, new files take its group. */
    public static final int S_ISGID = 0002000;
    /** In a directory: only owners remove names. */
    public static final int S_ISVTX = 0001000;

    // Kinds of file, as in Dirent64.D_TYPE.

    /** The file system does not say. */
    public static final int DT_UNKNOWN = 0;
    /** A pipe. */
    public static final int DT_FIFO = 1;
    /** A character device. */
    public static final int DT_CHR = 2;
    /** A directory. */
    public static final int DT_DIR = 4;
    /** A block device. */
    public static final int DT_BLK = 6;
    /** A regular file. */
    public static final int DT_REG = 8;
    /** A symbolic link. */
    public static final int DT_LNK = 10;
    /** A socket. */
    public static final int DT_SOCK = 12;

    // What faccessat(2) asks.

    /** Is there such a file? */
    public static final int F_OK = 0;
    /** May it be executed? */
    public static final int X_OK = 1;
    /** May it be written? */
    public static final int W_OK = 2;
    /** May it be read? */
    public static final int R_OK = 4;

    // Flags of renameat2(2); from kernel 3.15.

    /** The new name must be free. */
    public static final int RENAME_NOREPLACE = 1;
    /** Both names change places. */
    public static final int RENAME_EXCHANGE = 2;

    // Nanoseconds of a time for utimensat(2).

    /** The present. */
    public static final long UTIME_NOW = (1L << 30) - 1;
    /** Leaves it. */
    public static final long UTIME_OMIT = (1L << 30) - 2;

    // Not by number: the library makes up for flags that the kernel's calls have only had since 5.8 and 6.6.
    private static final MemorySegment faccessat = Libc.address("faccessat");
    private static final MemorySegment fchmodat = Libc.address("fchmodat");

    private Directories() {}

    /**
     * Describes a file: statx(2). From kernel 4.11.
     *
     * @param directory where a relative path begins, or {@link #AT_FDCWD}
     * @param path the path
     * @param flags {@code AT_*}; with AT_EMPTY_PATH and an empty path, the descriptor itself
     * @param mask {@code STATX_*}
     * @param answer a {@link Statx} to fill in; its mask says what was found
     * @return 0, or negated: EACCES, EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR
     */
    public static int statx(int directory, MemorySegment path, int flags, int mask, MemorySegment answer) {
        Assert.lengthFits(Statx.SIZE, answer);
        return (int) Kernel.call(
                SystemCallNumber.STATX, directory, path.address(), flags, mask, answer.address(), path, answer);
    }

    /**
     * Lists the next entries of a directory, in no order: getdents64(2).
     *
     * @param fd a directory opened for reading
     * @param buffer where the kernel writes a sequence of {@link Dirent64}
     * @param length bytes; 280 hold any one entry
     * @return the bytes written, 0 at the end, or negated: EBADF, EFAULT, EINVAL (no entry fits), ENOENT (it was
     *     removed), ENOTDIR
     */
    public static long getdents64(int fd, MemorySegment buffer, long length) {
        Assert.lengthFits(length, buffer);
        return Kernel.call(SystemCallNumber.GETDENTS64, fd, buffer.address(), length, buffer);
    }

    /**
     * Makes a pipe, a device, the name of a socket, or an empty file: mknodat(2).
     *
     * @param directory where a relative path begins, or {@link #AT_FDCWD}
     * @param path the path
     * @param mode one of {@code S_IF*}, and permissions, less the umask
     * @param major for a device, the upper half of its number, as in {@link Statx#STX_RDEV_MAJOR}
     * @param minor and the lower half
     * @return 0, or negated: EACCES, EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EDQUOT,
     *     EEXIST, ENOSPC, EPERM, EROFS
     */
    public static int mknodat(int directory, MemorySegment path, int mode, int major, int minor) {
        // As the kernel takes it: minor numbers had 8 bits once.
        int device = (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
        return (int) Kernel.call(SystemCallNumber.MKNODAT, directory, path.address(), mode, device, path);
    }

    /**
     * Makes a directory: mkdirat(2).
     *
     * @param directory where a relative path begins, or {@link #AT_FDCWD}
     * @param path the path
     * @param mode permissions, less the umask
     * @return 0, or negated: EACCES, EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EDQUOT,
     *     EEXIST, EMLINK, ENOSPC, EPERM, EROFS
     */
    public static int mkdirat(int directory, MemorySegment path, int mode) {
        return (int) Kernel.call(SystemCallNumber.MKDIRAT, directory, path.address(), mode, path);
    }

    /**
     * Removes a name: unlinkat(2). A file stays until nobody has it open.
     *
     * @param directory where a relative path begins, or {@link #AT_FDCWD}
     * @param path the path
     * @param flags {@link #AT_REMOVEDIR} for a directory, or 0
     * @return 0, or negated: EACCES, EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EBUSY,
     *     EEXIST (some file systems, for ENOTEMPTY), EISDIR, ENOTEMPTY, EPERM, EROFS
     */
    public static int unlinkat(int directory, MemorySegment path, int flags) {
        return (int) Kernel.call(SystemCallNumber.UNLINKAT, directory, path.address(), flags, path);
    }

    /**
     * Renames, at once for every observer: renameat2(2). From kernel 3.15.
     *
     * @param oldDirectory where a relative old path begins, or {@link #AT_FDCWD}
     * @param oldPath what to rename
     * @param newDirectory where a relative new path begins, or {@link #AT_FDCWD}
     * @param newPath its new name
     * @param flags {@code RENAME_*}, or 0 to replace what has the new name
     * @return 0, or negated: EACCES, EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EBUSY,
     *     EDQUOT, EEXIST, EISDIR, EMLINK, ENOSPC, ENOTEMPTY, EPERM, EROFS, EXDEV (another file system)
     */
    public static int renameat2(
            int oldDirectory, MemorySegment oldPath, int newDirectory, MemorySegment newPath, int flags) {
        return (int) Kernel.call(
                SystemCallNumber.RENAMEAT2, oldDirectory, oldPath.address(), newDirectory, newPath.address(),
                flags, oldPath, newPath);
    }

    /**
     * Gives a file another name: linkat(2).
     *
     * @param oldDirectory where a relative old path begins, or {@link #AT_FDCWD}
     * @param oldPath an existing file
     * @param newDirectory where a relative new path begins, or {@link #AT_FDCWD}
     * @param newPath its additional name
     * @param flags AT_SYMLINK_FOLLOW, AT_EMPTY_PATH, or 0
     * @return 0, or negated: EACCES, EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EDQUOT,
     *     EEXIST, EMLINK, ENOSPC, EPERM, EROFS, EXDEV
     */
    public static int linkat(
            int oldDirectory, MemorySegment oldPath, int newDirectory, MemorySegment newPath, int flags) {
        return (int) Kernel.call(
                SystemCallNumber.LINKAT, oldDirectory, oldPath.address(), newDirectory, newPath.address(), flags,
                oldPath, newPath);
    }

    /**
     * Makes a symbolic link: symlinkat(2).
     *
     * @param target what it shall lead to, not looked at
     * @param directory where a relative path begins, or {@link #AT_FDCWD}
     * @param path the path
     * @return 0, or negated: EACCES, EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EDQUOT,
     *     EEXIST, ENOSPC, EPERM, EROFS
     */
    public static int symlinkat(MemorySegment target, int directory, MemorySegment path) {
        return (int) Kernel.call(SystemCallNumber.SYMLINKAT, target.address(), directory, path.address(), target, path);
    }

    /**
     * Reads a symbolic link: readlinkat(2).
     *
     * @param directory where a relative path begins, or {@link #AT_FDCWD}
     * @param path the path
     * @param buffer where the kernel writes what the link leads to, without a 0 byte
     * @param length bytes, more than 0
     * @return the bytes written; as many as there is room means that perhaps some are missing; or negated: EACCES,
     *     EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR (EINVAL also: not a symbolic link)
     */
    public static long readlinkat(int directory, MemorySegment path, MemorySegment buffer, long length) {
        Assert.lengthFits(length, buffer);
        return Kernel.call(
                SystemCallNumber.READLINKAT, directory, path.address(), buffer.address(), length, path, buffer);
    }

    /**
     * Asks whether the process may use a file: faccessat(2). The answer can be outdated when it arrives.
     *
     * @param directory where a relative path begins, or {@link #AT_FDCWD}
     * @param path the path
     * @param mode {@code *_OK}
     * @param flags AT_EACCESS, AT_SYMLINK_NOFOLLOW, or 0
     * @return 0 if it may, or negated: EACCES, EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM,
     *     ENOTDIR, EPERM, EROFS, ETXTBSY
     */
    public static int faccessat(int directory, MemorySegment path, int mode, int flags) {
        return Libc.callInt(faccessat, directory, path.address(), mode, flags, path, MemorySegment.NULL);
    }

    /**
     * Sets permissions: fchmodat(2).
     *
     * @param directory where a relative path begins, or {@link #AT_FDCWD}
     * @param path the path
     * @param mode permissions
     * @param flags 0; AT_SYMLINK_NOFOLLOW from kernel 6.6
     * @return 0, or negated: EACCES, EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR,
     *     EOPNOTSUPP (not for a symbolic link), EPERM, EROFS
     */
    public static int fchmodat(int directory, MemorySegment path, int mode, int flags) {
        return Libc.callInt(fchmodat, directory, path.address(), mode, flags, path, MemorySegment.NULL);
    }

    /**
     * Sets the owner: fchownat(2).
     *
     * @param directory where a relative path begins, or {@link #AT_FDCWD}
     * @param path the path
     * @param user a user id, or -1 to leave it
     * @param group a group id, or -1 to leave it
     * @param flags AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, or 0
     * @return 0, or negated: EACCES, EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EDQUOT,
     *     EPERM, EROFS
     */
    public static int fchownat(int directory, MemorySegment path, int user, int group, int flags) {
        return (int) Kernel.call(SystemCallNumber.FCHOWNAT, directory, path.address(), user, group, flags, path);
    }

    /**
     * Sets times: utimensat(2).
     *
     * @param directory where a relative path begins, or {@link #AT_FDCWD}
     * @param path the path, or {@link MemorySegment#NULL} for the descriptor itself
     * @param times two {@link Timespec}, of access and of change; or {@link MemorySegment#NULL} for the present
     * @param flags AT_SYMLINK_NOFOLLOW, or 0
     * @return 0, or negated: EACCES, EBADF, EFAULT, EINVAL, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EPERM,
     *     EROFS, ESRCH
     */
    public static int utimensat(int directory, MemorySegment path, MemorySegment times, int flags) {
        Assert.lengthFitsOrNull(2 * Timespec.SIZE, times);
        return (int) Kernel.call(
                SystemCallNumber.UTIMENSAT, directory, path.address(), times.address(), flags, path, times);
    }
}
