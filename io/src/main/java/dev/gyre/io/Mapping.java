package dev.gyre.io;

/** What may be done to memory that is a part of a file, and who sees it (mmap(2)). */
public enum Mapping {
    /** It is read. What others write to the file is seen. */
    READ,
    /** It is read and written. What is written there is written to the file, and seen by all who map or read it. */
    READ_WRITE,
    /**
     * It is read and written, and what is written there stays there, in a copy of the page. Whether a page that was not
     * written yet shows what others write to the file is left open.
     */
    PRIVATE
}
