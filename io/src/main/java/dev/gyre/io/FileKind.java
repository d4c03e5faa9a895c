package dev.gyre.io;

/** What a path leads to. */
public enum FileKind {
    /** A regular file. */
    FILE,
    /** A folder. */
    DIRECTORY,
    /** A symbolic link. */
    SYMLINK,
    /** A named pipe. */
    PIPE,
    /** A Unix-domain socket. */
    SOCKET,
    /** A block device. */
    BLOCK_DEVICE,
    /** A character device. */
    CHARACTER_DEVICE,
    /** The file system did not say. */
    UNKNOWN
}
