package dev.gyre.io;

/** What a process may be allowed to do with a file or a folder. */
public enum Permission {
    /** Read a file; list a folder. */
    READ,
    /** Write a file; add, remove and rename what is in a folder. */
    WRITE,
    /** Execute a file; pass through a folder. */
    EXECUTE
}
