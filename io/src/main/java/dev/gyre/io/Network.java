package dev.gyre.io;

/** Sockets: listening and connecting. */
public interface Network {

    /**
     * Listens: makes a socket, sets its options, binds it, and asks which address it got.
     *
     * @param address where; port 0 lets the kernel choose
     * @param options how
     * @return the listener, closed on exec
     * @throws IoException with a reason of {@link Operation#LISTEN}, or of {@link Operation#SET_OPTION} where one of
     *     the options is refused; nothing stays open
     */
    Listener listen(Address address, ListenOptions options) throws IoException;

    /**
     * Connects. A cancellation point.
     *
     * @param address the peer's
     * @return the connection, with {@code TCP_NODELAY} set where it is TCP, closed on exec
     * @throws IoException with a reason of {@link Operation#CONNECT}; nothing stays open
     * @throws CanceledException if the calling task was canceled; nothing stays open
     */
    default Connection connect(Address address) throws IoException {
        return connect(address, ConnectOptions.DEFAULT);
    }

    /**
     * Connects, from an address of the caller's, or with options. A cancellation point.
     *
     * @param address the peer's
     * @param options how
     * @return the connection, with {@code TCP_NODELAY} set where it is TCP, unless the options say otherwise; closed
     *     on exec
     * @throws IoException with a reason of {@link Operation#CONNECT}, or of {@link Operation#SET_OPTION} where one of
     *     the options is refused; nothing stays open
     * @throws CanceledException if the calling task was canceled; nothing stays open
     */
    Connection connect(Address address, ConnectOptions options) throws IoException;
}
