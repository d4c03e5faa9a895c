package dev.gyre.posix;

import static dev.gyre.io.ErrorNumber.EADDRINUSE;
import static dev.gyre.io.ErrorNumber.EINVAL;

import dev.gyre.io.Address;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketOption;
import dev.gyre.io.UnixAddress;

/**
 * A socket that listens.
 *
 * @param socket its descriptor, closed on exec
 * @param address where it listens
 */
public record Listening(int socket, Address address) {
    /**
     * Makes a socket, sets its options, binds it, listens, and asks for its address (row L1).
     *
     * @param calls by which
     * @param address where
     * @param options how
     * @return the socket
     * @throws IoException with a reason of {@link Operation#LISTEN} or {@link Operation#SET_OPTION}; nothing stays open
     */
    public static Listening open(ImmediateCalls calls, Address address, ListenOptions options) throws IoException {
        int socket = Results.check(Operation.LISTEN, calls.socket(address, options.type()), address);
        boolean listening = false;
        try {
            if (address instanceof IpAddress) {
                if (options.reuseAddress()) {
                    Options.set(calls, socket, SocketOption.REUSE_ADDRESS.of(true), Options.Use.LISTENER, address);
                }
                if (options.reusePort()) {
                    Options.set(calls, socket, SocketOption.REUSE_PORT.of(true), Options.Use.LISTENER, address);
                }
                // Accepted connections inherit it.
                Options.set(calls, socket, Options.NO_DELAY, Options.Use.LISTENER, address);
            }
            Options.setAll(calls, socket, options.settings(), Options.Use.LISTENER, address);
            bind(calls, socket, address, options.replaceStale());
            Results.check(Operation.LISTEN, calls.listen(socket, options.backlog()), address);
            Address local = Results.check(Operation.LISTEN, calls.localAddress(socket), address);
            Listening opened = new Listening(socket, local);
            listening = true;
            return opened;
        } finally {
            if (!listening) {
                calls.closeSocket(socket);
            }
        }
    }

    private static void bind(ImmediateCalls calls, int socket, Address address, boolean replaceStale)
            throws IoException {
        int result = calls.bind(socket, address);
        if (result == -EADDRINUSE.code() && replaceStale && address instanceof UnixAddress unix
                && calls.removeStale(unix) == 0) {
            result = calls.bind(socket, address);
        }
        boolean anyPort = address instanceof IpAddress ip && ip.port() == 0;
        if (result == -EADDRINUSE.code() && anyPort) {
            throw Operation.LISTEN.failure(Reason.EPHEMERAL_PORTS_EXHAUSTED, address);
        }
        if (result == -EINVAL.code()) {
            requireInterface(Operation.LISTEN, address);
        }
        Results.check(Operation.LISTEN, result, address);
    }

    /** Refuses a link-local address without an interface; the kernel calls it an invalid argument. */
    static void requireInterface(Operation operation, Address address) throws IoException {
        if (address instanceof Ip6Address ip && ip.lacksInterface()) {
            throw operation.failure(Reason.INTERFACE_MISSING, address);
        }
    }
}
