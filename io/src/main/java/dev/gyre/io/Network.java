package dev.gyre.io;

/** Sockets: listening, connecting, datagrams. */
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

    /**
     * Makes two Unix sockets that are connected to each other: socketpair(2). Does not wait.
     *
     * @param type what they carry
     * @return both, closed on exec
     * @throws IoException with a reason of {@link Operation#CONNECT_PAIR}; nothing stays open
     */
    ConnectionPair connectPair(SocketType type) throws IoException;

    /**
     * The number of a network interface, as in the scope of an {@link Ip6Address}.
     *
     * @param name such as {@code eth0}
     * @return 1 or more
     * @throws IoException with a reason of {@link Operation#FIND_INTERFACE}: {@link Reason#NO_DEVICE} if none has the
     *     name
     */
    int interfaceIndex(String name) throws IoException;

    /**
     * The name of a network interface.
     *
     * @param index its number
     * @return such as {@code eth0}
     * @throws IoException with a reason of {@link Operation#FIND_INTERFACE}: {@link Reason#NO_DEVICE} if none has the
     *     number
     */
    String interfaceName(int index) throws IoException;

    /**
     * Reads a literal address whose scope may be the name of an interface of this machine: {@code fe80::1%eth0}.
     *
     * @param host as for {@link IpAddress#parse}; after a percent sign, a number or a name
     * @param port 0 to 65535
     * @return the address, with the number of the interface
     * @throws IoException with a reason of {@link Operation#FIND_INTERFACE}
     * @throws IllegalArgumentException if it is no literal address, saying what is wrong
     */
    default IpAddress parseAddress(String host, int port) throws IoException {
        String scope = IpText.scopeName(host);
        if (scope.isEmpty()) {
            return IpAddress.parse(host, port);
        }
        var _ = IpAddress.parse(IpText.withScope(host, 1), port);
        return IpAddress.parse(IpText.withScope(host, interfaceIndex(scope)), port);
    }

    /**
     * Makes a socket of datagrams: sets its options and binds it. Does not wait.
     *
     * @param address where it receives: an {@link IpAddress} for UDP, whose port 0 lets the kernel choose one; a
     *     {@link UnixAddress}, of which an empty path lets the kernel choose an abstract name (unix(7))
     * @param options how
     * @return the socket, closed on exec
     * @throws IoException with a reason of {@link Operation#BIND}, or of {@link Operation#SET_OPTION} where one of the
     *     settings is refused; nothing stays open
     * @throws IllegalArgumentException if a flag is not for this kind of address
     */
    DatagramSocket bind(Address address, DatagramOptions options) throws IoException;
}
