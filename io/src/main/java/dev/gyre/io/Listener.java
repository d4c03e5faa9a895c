package dev.gyre.io;

/**
 * A socket that takes connections. Made by {@link Io#listen}. Any task may use it, several at once too; each
 * connection goes to one of them.
 */
public non-sealed interface Listener extends Passable, Socket {

    /**
     * Waits for a connection. A cancellation point; a canceled call takes no connection with it.
     *
     * <p>Errors that belonged to a connection which died in the queue are skipped (accept(2)).
     *
     * @return the connection, with {@code TCP_NODELAY} set where it is TCP, closed on exec
     * @throws IoException with a reason of {@link Operation#ACCEPT}; after {@link Reason#PROCESS_FD_LIMIT} and its
     *     like the connection is still in the queue, so wait before trying again
     * @throws CanceledException if the calling task was canceled
     */
    Connection accept() throws IoException;

    /**
     * Where it listens.
     *
     * @return the actual address, with the port that the kernel chose where 0 was asked for
     */
    @Override
    Address localAddress();

    /**
     * Stops listening. Calls that wait in {@link #accept()} fail with {@link Reason#CLOSED}. Closing again does
     * nothing. Not a cancellation point.
     */
    @Override
    void close();
}
