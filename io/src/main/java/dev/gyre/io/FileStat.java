package dev.gyre.io;

/**
 * What the file system knows of a file (statx(2)).
 *
 * @param kind what it is
 * @param size in bytes
 * @param mode the permission bits, 07777 at most
 * @param user the number of its owner
 * @param group the number of its group
 * @param modified when the content last changed, on {@link Clock#REAL}
 * @param changed when content or attributes last changed, on {@link Clock#REAL}
 * @param accessed when it was last read, as far as the file system keeps that, on {@link Clock#REAL}
 * @param device the device that holds it: major number in the upper 32 bits, minor in the lower
 * @param inode its number there
 * @param links the number of names
 * @param blocks space taken, in units of 512 bytes; less than the size where there are holes
 * @param alignment what address, offset and length must be a multiple of with {@link OpenOptions.Flag#DIRECT}; 0 where
 *     the file system does not do that, or the kernel does not tell (before 6.1)
 * @param represented the device that a device file stands for, in the form of {@code device}; 0 for all else
 */
public record FileStat(
        FileKind kind,
        long size,
        int mode,
        int user,
        int group,
        Timestamp modified,
        Timestamp changed,
        Timestamp accessed,
        long device,
        long inode,
        long links,
        long blocks,
        int alignment,
        long represented) {}
