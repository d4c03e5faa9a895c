package dev.gyre.io;

/**
 * Two connections, each of which is the other's peer.
 *
 * @param first one
 * @param second the other one
 */
public record ConnectionPair(Connection first, Connection second) implements AutoCloseable {
    /** Closes both. */
    @Override
    public void close() {
        first.close();
        second.close();
    }
}
