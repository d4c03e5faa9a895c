package dev.gyre.io;

/** How a file is locked. */
public enum Locking {
    /** Together with others who lock it so, and with nobody who has it exclusively. The file is open for reading. */
    SHARED,
    /** With nobody else. The file is open for writing. */
    EXCLUSIVE
}
