package dev.gyre.linux;

import dev.gyre.linux.layout.Statfs;
import java.lang.foreign.MemorySegment;

/**
 * What a file system is and how full: statfs(2). A call answers with 0 or a negated {@link Errno}. Any thread may call;
 * a network file system may ask its server.
 */
public final class FileSystems {
    /** In {@link Statfs#F_FLAGS}: it is read-only. */
    public static final int ST_RDONLY = 1;

    private FileSystems() {}

    /**
     * Asks for the file system that a path leads to: statfs(2).
     *
     * @param path a path that ends in a 0 byte, in native memory
     * @param state a {@link Statfs}, in which the kernel writes
     * @return 0, or negated: EACCES, EFAULT, EINTR, EIO, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOSYS (not for this file
     *     system), ENOTDIR, EOVERFLOW
     */
    public static int statfs(MemorySegment path, MemorySegment state) {
        Assert.lengthFits(Statfs.SIZE, state);
        return (int) Kernel.call(SystemCallNumber.STATFS, path.address(), state.address(), path, state);
    }

    /**
     * Asks for the file system of an open file: fstatfs(2).
     *
     * @param fd a file descriptor, also one with O_PATH
     * @param state a {@link Statfs}, in which the kernel writes
     * @return 0, or negated: EBADF, EFAULT, EINTR, EIO, ENOMEM, ENOSYS (not for this file system), EOVERFLOW
     */
    public static int fstatfs(int fd, MemorySegment state) {
        Assert.lengthFits(Statfs.SIZE, state);
        return (int) Kernel.call(SystemCallNumber.FSTATFS, fd, state.address(), state);
    }
}
