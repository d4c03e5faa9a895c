package dev.gyre.process;

import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;

/**
 * How to listen.
 *
 * @param ip the address to listen at; its port does not matter
 * @param backlog how many connections may wait to be accepted, 0 or more; 0 is taken as 1
 * @param reuseAddress whether a port whose last connections have not timed out may be taken again
 * @param connections how connections are used that are accepted
 */
public record TcpListenOptions(IpAddress ip, int backlog, boolean reuseAddress, TcpOptions connections) {
    /** At all IPv4 addresses, with a backlog of 128; ports are reused. */
    public static final TcpListenOptions DEFAULT =
            new TcpListenOptions(Ip4Address.unspecified(0), 128, true, TcpOptions.DEFAULT);

    /** Refuses a negative backlog. */
    public TcpListenOptions {
        if (backlog < 0) {
            throw new IllegalArgumentException("backlog " + backlog + " is negative");
        }
    }

    /**
     * The same at another address.
     *
     * @param address its port does not matter
     * @return the options
     */
    public TcpListenOptions withIp(IpAddress address) {
        return new TcpListenOptions(address, backlog, reuseAddress, connections);
    }

    /**
     * The same with another backlog.
     *
     * @param waiting 0 or more
     * @return the options
     */
    public TcpListenOptions withBacklog(int waiting) {
        return new TcpListenOptions(ip, waiting, reuseAddress, connections);
    }

    /**
     * The same with or without taking ports again.
     *
     * @param reuse whether to
     * @return the options
     */
    public TcpListenOptions withReuseAddress(boolean reuse) {
        return new TcpListenOptions(ip, backlog, reuse, connections);
    }

    /**
     * The same for connections that are used in another way.
     *
     * @param options how
     * @return the options
     */
    public TcpListenOptions withConnections(TcpOptions options) {
        return new TcpListenOptions(ip, backlog, reuseAddress, options);
    }
}
