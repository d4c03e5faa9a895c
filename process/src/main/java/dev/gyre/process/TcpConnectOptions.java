package dev.gyre.process;

import dev.gyre.io.IpAddress;
import dev.gyre.io.Timeout;
import java.util.Optional;

/**
 * How to connect.
 *
 * @param timeout how long it may take, the look-up of the name included; zero answers at once, and connects to nothing
 * @param local the address to connect from, of the same family as the peer's; its port 0 is chosen by the kernel
 * @param connection how the connection is used
 */
public record TcpConnectOptions(Timeout timeout, Optional<IpAddress> local, TcpOptions connection) {
    /** As long as it takes, from any address. */
    public static final TcpConnectOptions DEFAULT =
            new TcpConnectOptions(Timeout.NONE, Optional.empty(), TcpOptions.DEFAULT);

    /**
     * The same for a limited time.
     *
     * @param limit how long it may take
     * @return the options
     */
    public TcpConnectOptions withTimeout(Timeout limit) {
        return new TcpConnectOptions(limit, local, connection);
    }

    /**
     * The same from an address.
     *
     * @param address of this machine; with port 0, the kernel chooses one
     * @return the options
     */
    public TcpConnectOptions withLocal(IpAddress address) {
        return new TcpConnectOptions(timeout, Optional.of(address), connection);
    }

    /**
     * The same for a connection that is used in another way.
     *
     * @param options how
     * @return the options
     */
    public TcpConnectOptions withConnection(TcpOptions options) {
        return new TcpConnectOptions(timeout, local, options);
    }
}
