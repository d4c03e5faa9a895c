package dev.gyre.process;

import dev.gyre.io.Address;
import dev.gyre.io.ConnectOptions;
import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.IpFamily;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import java.util.List;

/**
 * Makes sockets that a process owns, {@link Self#sockets()}.
 *
 * <pre>{@code
 * TcpListener listener = self.sockets().listen(7000, TcpListenOptions.DEFAULT);
 * while (true) {
 *     TcpSocket connection = self.sockets().accept(listener);
 *     connection.controllingProcess(self.spawn(this::serve));
 *     connection.setActive(ActiveMode.ONCE);
 * }
 * }</pre>
 *
 * <p>All methods are for the process's own thread, and throw {@link ExternalIoDenied} in a process that was started
 * without external I/O. Bad options are refused when they are made, by an {@link IllegalArgumentException} that names
 * the option, so before there is a socket.
 */
public final class Sockets {
    private static final int PORT_MAX = 65_535;

    private final ControlBlock owner;

    Sockets(ControlBlock owner) {
        this.owner = owner;
    }

    /**
     * Listens for TCP connections. Does not wait.
     *
     * @param port 0 to 65535; 0 lets the kernel choose
     * @param options how
     * @return owned by this process
     * @throws IoException with a reason of {@link Operation#LISTEN}; nothing stays open
     * @throws IllegalArgumentException if the port is out of range
     */
    public TcpListener listen(int port, TcpListenOptions options) throws IoException {
        begin();
        ListenOptions how = ListenOptions.DEFAULT
                .withBacklog(Math.max(1, options.backlog()))
                .withReuseAddress(options.reuseAddress());
        TcpListener listener = new TcpListener(
                owner, owner.node.io().listen(options.ip().withPort(requirePort(port)), how), options.connections());
        listener.belong();
        return listener;
    }

    /**
     * Waits for a connection. A cancellation point; a canceled call takes no connection with it.
     *
     * @param listener of the same node, of whatever process
     * @return owned by this process
     * @throws IoException with a reason of {@link Operation#ACCEPT}
     * @throws dev.gyre.io.CanceledException if the process is to end
     * @throws ProcessLimitException if the connection is to be active, and no further task can be started; the
     *     connection is closed
     */
    public TcpSocket accept(TcpListener listener) throws IoException {
        return accept(listener, Timeout.NONE);
    }

    /**
     * Waits for a connection for a limited time. A cancellation point; a canceled call takes no connection with it. One
     * that comes at the very end of the time is either returned or still to be accepted.
     *
     * @param listener of the same node, of whatever process
     * @param limit zero answers at once
     * @return owned by this process
     * @throws IoException with a reason of {@link Operation#ACCEPT}: {@link Reason#TIMED_OUT}
     * @throws dev.gyre.io.CanceledException if the process is to end
     * @throws ProcessLimitException if the connection is to be active, and no further task can be started; the
     *     connection is closed
     */
    public TcpSocket accept(TcpListener listener, Timeout limit) throws IoException {
        begin();
        return own(listener.accept(limit), listener.connections());
    }

    /**
     * Connects to a host. A cancellation point.
     *
     * @param host a name or a literal address, as in {@link dev.gyre.io.Network#lookup}
     * @param port of the peer, 1 to 65535
     * @param options how
     * @return owned by this process
     * @throws IoException with a reason of {@link Operation#LOOKUP} or {@link Operation#CONNECT}; nothing stays open
     * @throws dev.gyre.io.CanceledException if the process is to end; nothing stays open
     * @throws IllegalArgumentException if the port is out of range
     * @throws ProcessLimitException if the connection is to be active, and no further task can be started; the
     *     connection is closed
     */
    public TcpSocket connect(String host, int port, TcpConnectOptions options) throws IoException {
        begin();
        requirePort(port);
        Connection connection = ProcessSocket.within(
                owner.node, options.timeout(), Operation.CONNECT, host + ":" + port, () -> open(host, port, options));
        return own(connection, options.connection());
    }

    private Connection open(String host, int port, TcpConnectOptions options) throws IoException {
        if (options.local().isEmpty()) {
            return owner.node.io().connect(host, port);
        }
        IpAddress local = options.local().get();
        List<IpAddress> addresses;
        try (Lookup lookup = owner.node.io().lookup(host, LookupOptions.DEFAULT.withFamily(IpFamily.of(local)))) {
            addresses = lookup.all();
        }
        IoException first = null;
        for (IpAddress address : addresses) {
            try {
                return owner.node.io().connect(address.withPort(port), ConnectOptions.DEFAULT.withLocal(local));
            } catch (IoException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        throw first == null ? Operation.LOOKUP.failure(Reason.NO_ADDRESS, host) : first;
    }

    /**
     * Has this process own a connection that was made in another way, a Unix socket for instance.
     *
     * @param connection of the same {@code Io}, which nobody else uses from now on
     * @param options how it is used
     * @return owned by this process
     * @throws ProcessLimitException if the connection is to be active, and no further task can be started; the
     *     connection is closed
     */
    public TcpSocket adopt(Connection connection, TcpOptions options) {
        begin();
        return own(connection, options);
    }

    private TcpSocket own(Connection connection, TcpOptions options) {
        TcpSocket socket = new TcpSocket(owner, connection, options);
        socket.belong();
        activate(socket, options.active());
        return socket;
    }

    /**
     * Makes a socket of datagrams. Does not wait.
     *
     * @param port to receive at, 0 to 65535; 0 lets the kernel choose
     * @param options how
     * @return owned by this process
     * @throws IoException with a reason of {@link Operation#BIND}; nothing stays open
     * @throws IllegalArgumentException if the port is out of range
     * @throws ProcessLimitException if the socket is to be active, and no further task can be started; it is closed
     */
    public UdpSocket bind(int port, UdpOptions options) throws IoException {
        begin();
        UdpSocket socket = new UdpSocket(
                owner, owner.node.io().bind(options.ip().withPort(requirePort(port)), options.settings()), options);
        socket.belong();
        activate(socket, options.active());
        return socket;
    }

    private static void activate(ActiveSocket socket, ActiveMode mode) {
        boolean done = false;
        try {
            socket.activate(mode);
            done = true;
        } finally {
            if (!done) {
                socket.close();
            }
        }
    }

    private void begin() {
        if (!owner.runsHere()) {
            throw new IllegalStateException("process " + owner.pid + " makes sockets on its own thread only, not on "
                    + Thread.currentThread());
        }
        ExternalIoDenied.check();
    }

    private static int requirePort(int port) {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("port " + port + " is not within 0.." + PORT_MAX);
        }
        return port;
    }

    static int portOf(Address address) {
        return ((IpAddress) address).port();
    }
}
