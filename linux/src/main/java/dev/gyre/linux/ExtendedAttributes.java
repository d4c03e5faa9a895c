package dev.gyre.linux;

import java.lang.foreign.MemorySegment;

/**
 * Named values that a file has besides its content: xattr(7). A call answers with 0 or more, or with a negated
 * {@link Errno}. Any thread may call; each may wait for a device.
 *
 * <p>Those that take a path follow a symbolic link. They take it and the name in one piece of memory, which a call
 * protects from being freed, as it does one more for the value.
 */
public final class ExtendedAttributes {
    /** There must be none of that name. */
    public static final int XATTR_CREATE = 0x1;
    /** There must be one of that name. */
    public static final int XATTR_REPLACE = 0x2;

    /** The longest value, in bytes. */
    public static final int XATTR_SIZE_MAX = 65_536;
    /** The longest list of names, in bytes. */
    public static final int XATTR_LIST_MAX = 65_536;

    private ExtendedAttributes() {}

    /**
     * Reads a value: getxattr(2).
     *
     * @param pathAndName a path and a name, each ends in a 0 byte, in native memory
     * @param nameAt where the name begins
     * @param value where the value goes
     * @param size how many bytes there are, 0 to ask for the length only
     * @return its length, or negated: E2BIG, ENODATA (there is none, or the caller may not see it), EOPNOTSUPP (not of
     *     this kind, or not on this file system), EPERM, ERANGE (the value is longer, or the name is none), EACCES,
     *     EFAULT, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR
     */
    public static long getxattr(MemorySegment pathAndName, long nameAt, MemorySegment value, long size) {
        Assert.lengthFits(nameAt, pathAndName);
        Assert.lengthFits(size, value);
        return Kernel.call(SystemCallNumber.GETXATTR, pathAndName.address(), pathAndName.address() + nameAt,
                value.address(), size, pathAndName, value);
    }

    /**
     * Reads a value of an open file: fgetxattr(2).
     *
     * @param fd an open file descriptor, none with O_PATH
     * @param name a name that ends in a 0 byte, in native memory
     * @param value where the value goes
     * @param size how many bytes there are, 0 to ask for the length only
     * @return as {@link #getxattr}, and EBADF
     */
    public static long fgetxattr(int fd, MemorySegment name, MemorySegment value, long size) {
        Assert.lengthFits(size, value);
        return Kernel.call(SystemCallNumber.FGETXATTR, fd, name.address(), value.address(), size, name, value);
    }

    /**
     * Sets a value: setxattr(2).
     *
     * @param pathAndName a path and a name, each ends in a 0 byte, in native memory
     * @param nameAt where the name begins
     * @param value what the value becomes
     * @param size how many bytes of that
     * @param flags XATTR_CREATE, XATTR_REPLACE, or 0
     * @return 0, or negated: E2BIG (longer than XATTR_SIZE_MAX), EDQUOT, EEXIST, ENODATA, ENOSPC, EOPNOTSUPP (not of
     *     this kind, or not on this file system), EPERM, ERANGE (the name is none, or too long), EROFS, EINVAL,
     *     EACCES, EFAULT, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR
     */
    public static int setxattr(MemorySegment pathAndName, long nameAt, MemorySegment value, long size, int flags) {
        Assert.lengthFits(nameAt, pathAndName);
        Assert.lengthFits(size, value);
        return (int) Kernel.call(SystemCallNumber.SETXATTR, pathAndName.address(), pathAndName.address() + nameAt,
                value.address(), size, flags, pathAndName, value);
    }

    /**
     * Sets a value of an open file: fsetxattr(2).
     *
     * @param fd an open file descriptor, none with O_PATH
     * @param name a name that ends in a 0 byte, in native memory
     * @param value what the value becomes
     * @param size how many bytes of that
     * @param flags XATTR_CREATE, XATTR_REPLACE, or 0
     * @return as {@link #setxattr}, and EBADF
     */
    public static int fsetxattr(int fd, MemorySegment name, MemorySegment value, long size, int flags) {
        Assert.lengthFits(size, value);
        return (int) Kernel.call(
                SystemCallNumber.FSETXATTR, fd, name.address(), value.address(), size, flags, name, value);
    }

    /**
     * Lists the names: listxattr(2).
     *
     * @param path a path that ends in a 0 byte, in native memory
     * @param names where they go, each ends in a 0 byte
     * @param size how many bytes there are, 0 to ask for the length only
     * @return how long they are together, or negated: E2BIG (longer than XATTR_LIST_MAX), EOPNOTSUPP, ERANGE (longer
     *     than the memory), EACCES, EFAULT, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR
     */
    public static long listxattr(MemorySegment path, MemorySegment names, long size) {
        Assert.lengthFits(size, names);
        return Kernel.call(SystemCallNumber.LISTXATTR, path.address(), names.address(), size, path, names);
    }

    /**
     * Lists the names at an open file: flistxattr(2).
     *
     * @param fd an open file descriptor, none with O_PATH
     * @param names where they go, each ends in a 0 byte
     * @param size how many bytes there are, 0 to ask for the length only
     * @return as {@link #listxattr}, and EBADF
     */
    public static long flistxattr(int fd, MemorySegment names, long size) {
        Assert.lengthFits(size, names);
        return Kernel.call(SystemCallNumber.FLISTXATTR, fd, names.address(), size, names);
    }

    /**
     * Removes a value and its name: removexattr(2).
     *
     * @param pathAndName a path and a name, each ends in a 0 byte, in native memory
     * @param nameAt where the name begins
     * @return 0, or negated: ENODATA, EOPNOTSUPP, EPERM, ERANGE, EROFS, EACCES, EFAULT, EIO, ELOOP, ENAMETOOLONG,
     *     ENOENT, ENOMEM, ENOTDIR
     */
    public static int removexattr(MemorySegment pathAndName, long nameAt) {
        Assert.lengthFits(nameAt, pathAndName);
        return (int) Kernel.call(
                SystemCallNumber.REMOVEXATTR, pathAndName.address(), pathAndName.address() + nameAt, pathAndName);
    }

    /**
     * Removes a value of an open file and its name: fremovexattr(2).
     *
     * @param fd an open file descriptor, none with O_PATH
     * @param name a name that ends in a 0 byte, in native memory
     * @return as {@link #removexattr}, and EBADF
     */
    public static int fremovexattr(int fd, MemorySegment name) {
        return (int) Kernel.call(SystemCallNumber.FREMOVEXATTR, fd, name.address(), name);
    }
}
