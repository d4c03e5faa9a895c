package dev.gyre.io;

/** The directions of a connection that can be ended. */
public enum Direction {
    /** Nothing more is read; what arrives is thrown away. {@code SHUT_RD}. */
    READ,
    /** Nothing more is written; the peer reads to the end. {@code SHUT_WR}. */
    WRITE,
    /** Both. {@code SHUT_RDWR}. */
    BOTH
}
