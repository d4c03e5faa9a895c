package dev.gyre.io;

/**
 * What the file system knows of a file (statx(2)).
 *
 * @param kind what it is
 * @param size in bytes
 * @param mode the permission bits, 07777 at most
 * @param modified when the content last changed, on {@link Clock#REAL}
 * @param changed when content or attributes last changed, on {@link Clock#REAL}
 * @param accessed when it was last read, as far as the file system keeps that, on {@link Clock#REAL}
 * @param device the device that holds it: major number in the upper 32 bits, minor in the lower
 * @param inode its number there
 * @param links the number of names
 * @param blocks space taken, in units of 512 bytes; less than the size where there are holes
 */
public record FileStat(
        FileKind kind,
        long size,
        int mode,
        Timestamp modified,
        Timestamp changed,
        Timestamp accessed,
        long device,
        long inode,
        long links,
        long blocks) {}
