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

    // What statfs(2) calls kinds of file systems: linux/magic.h.

    /** ext2, ext3 and ext4. */
    public static final int EXT4_SUPER_MAGIC = 0xef53;
    /** XFS. */
    public static final int XFS_SUPER_MAGIC = 0x58465342;
    /** Btrfs. */
    public static final int BTRFS_SUPER_MAGIC = 0x9123683e;
    /** F2FS. */
    public static final int F2FS_SUPER_MAGIC = 0xf2f52010;
    /** Bcachefs. */
    public static final int BCACHEFS_SUPER_MAGIC = 0xca451a4e;
    /** ZFS, which is not of the kernel's tree. */
    public static final int ZFS_SUPER_MAGIC = 0x2fc12fc1;
    /** FAT. */
    public static final int MSDOS_SUPER_MAGIC = 0x4d44;
    /** exFAT. */
    public static final int EXFAT_SUPER_MAGIC = 0x2011bab0;
    /** SquashFS. */
    public static final int SQUASHFS_MAGIC = 0x73717368;
    /** EROFS. */
    public static final int EROFS_SUPER_MAGIC_V1 = 0xe0f5e1e2;
    /** Files in memory. */
    public static final int TMPFS_MAGIC = 0x01021994;
    /** Files in memory, without a limit. */
    public static final int RAMFS_MAGIC = 0x858458f6;
    /** Folders over others. */
    public static final int OVERLAYFS_SUPER_MAGIC = 0x794c7630;
    /** {@code /proc}. */
    public static final int PROC_SUPER_MAGIC = 0x9fa0;
    /** {@code /sys}. */
    public static final int SYSFS_MAGIC = 0x62656572;
    /** Terminals. */
    public static final int DEVPTS_SUPER_MAGIC = 0x1cd1;
    /** Pipes without a name. */
    public static final int PIPEFS_MAGIC = 0x50495045;
    /** Sockets. */
    public static final int SOCKFS_MAGIC = 0x534f434b;
    /** What is behind other descriptors. */
    public static final int ANON_INODE_FS_MAGIC = 0x09041934;

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
