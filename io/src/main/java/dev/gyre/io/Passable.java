package dev.gyre.io;

/**
 * Something open that can be passed to another process, or within this one, over a Unix socket
 * ({@link Connection#writeWith}). Both sides then have it open, and each closes its own.
 */
public sealed interface Passable extends AutoCloseable permits Connection, DatagramSocket, Directory, File, Listener {
    @Override
    void close() throws IoException;
}
