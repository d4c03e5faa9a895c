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
     * Looks up the addresses of a host: a literal address is its own, without a question to anybody; other names are
     * looked for in {@code /etc/hosts}, then {@code localhost} and what ends in {@code .localhost} is the loopback
     * address (RFC 6761), and everything else is asked for by DNS as resolv.conf(5) says. A cancellation point.
     *
     * <p>Names other than literal addresses take the module {@code dev.gyre.names}; in a simulation they come from its
     * options.
     *
     * @param host a literal address as of {@link IpAddress#parse}, or a name: labels of 1 to 63 ASCII letters, digits,
     *     hyphens and underscores with dots between them, 253 characters at most. Names of other scripts are given in
     *     their ASCII form ({@code xn--…}). A dot at the end keeps the search list of resolv.conf(5) away
     * @param options which addresses, and where to look
     * @return the addresses, as they become known
     * @throws IoException with a reason of {@link Operation#LOOKUP}; {@link Reason#BAD_HOST_NAME} if {@code host} is
     *     neither a name nor an address
     * @throws CanceledException if the calling task was canceled
     * @throws IllegalStateException if nothing is installed that looks names up, saying what to add
     */
    Lookup lookup(String host, LookupOptions options) throws IoException;

    /**
     * Connects to a host by its name: {@link #connect(String, int, LookupOptions)} with default options. A cancellation
     * point.
     *
     * @param host a name or a literal address, as in {@link #lookup}
     * @param port of the peer, 1 to 65535
     * @return the connection
     * @throws IoException with a reason of {@link Operation#LOOKUP} or {@link Operation#CONNECT}; nothing stays open
     * @throws CanceledException if the calling task was canceled; nothing stays open
     * @throws IllegalArgumentException if the port is out of range; nobody was asked for the name
     */
    default Connection connect(String host, int port) throws IoException {
        return connect(host, port, LookupOptions.DEFAULT);
    }

    /**
     * Connects to the address of a host that answers first (RFC 8305). Attempts begin 250 ms after one another, or when
     * one has failed, by turns with addresses of IPv6 and IPv4, the best first (RFC 6724); IPv6 addresses may arrive
     * 50 ms later than IPv4 addresses. A cancellation point.
     *
     * @param host a name or a literal address, as in {@link #lookup}
     * @param port of the peer, 1 to 65535
     * @param options which addresses, and where to look
     * @return the connection, as that of {@link #connect(Address)}
     * @throws IoException with a reason of {@link Operation#LOOKUP} if there is no address; if none of them can be
     *     connected to, with one of {@link Operation#CONNECT}, that of the first attempt, with those of the others as
     *     suppressed exceptions. Nothing stays open
     * @throws CanceledException if the calling task was canceled; nothing stays open
     * @throws IllegalArgumentException if the port is out of range; nobody was asked for the name
     */
    Connection connect(String host, int port, LookupOptions options) throws IoException;

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
