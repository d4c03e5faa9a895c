package dev.gyre.cli.proxy;

import dev.gyre.io.Address;
import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;

/** What a target is connected to by. */
public sealed interface Destination {
    /**
     * Connects. A cancellation point.
     *
     * @param io where
     * @return the connection
     * @throws IoException with a reason of {@link dev.gyre.io.Operation#CONNECT}, or {@link
     *     dev.gyre.io.Operation#LOOKUP}
     */
    Connection connect(Io io) throws IoException;

    /**
     * An address.
     *
     * @param address of TCP or of a Unix stream socket
     */
    record Fixed(Address address) implements Destination {
        @Override
        public Connection connect(Io io) throws IoException {
            return io.connect(address);
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /**
     * A host by its name, which is looked up for each connection, so that it may move.
     *
     * @param host a name of a host
     * @param port 1 to 65535
     */
    record Named(String host, int port) implements Destination {
        @Override
        public Connection connect(Io io) throws IoException {
            return io.connect(host, port);
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }
}
