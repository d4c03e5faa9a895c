package dev.gyre.io;

/**
 * How a part of a file will be used: a hint that changes how it is cached, and never what is read (posix_fadvise(2)).
 */
public enum Advice {
    /** As any other file. */
    NORMAL,
    /** In no order: reading ahead is of no use. */
    RANDOM,
    /** From the beginning to the end: the kernel reads further ahead. */
    SEQUENTIAL,
    /** Soon: the kernel begins to read it into the page cache, and does not wait for that. */
    WILL_NEED,
    /** Not soon: what is in the page cache, and on the device already ({@link File#dataSync()}), leaves the cache. */
    DONT_NEED
}
