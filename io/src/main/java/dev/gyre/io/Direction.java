package dev.gyre.io;

/** The directions of a connection that can be ended. */
public enum Direction {
    /**
     * Nothing more is read, not even what has arrived: from then on every read finds the end. A TCP peer is not told;
     * what it writes is lost, and it may have to wait once its window is full. One on a Unix socket hears of a broken
     * pipe. {@code SHUT_RD}.
     */
    READ,
    /** Nothing more is written; the peer reads to the end. {@code SHUT_WR}. */
    WRITE,
    /** Both. {@code SHUT_RDWR}. */
    BOTH
}
