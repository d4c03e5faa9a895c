package dev.gyre.process;

import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Socket;
import dev.gyre.io.Timeout;

/** A socket that takes connections; see {@link Sockets#listen} and {@link Sockets#accept(TcpListener)}. */
public final class TcpListener extends ProcessSocket {
    private final Listener listener;
    private final TcpOptions connections;

    TcpListener(ControlBlock owner, Listener listener, TcpOptions connections) {
        super(owner);
        this.listener = listener;
        this.connections = connections;
    }

    /**
     * The port that it listens at.
     *
     * @return the one that the kernel chose where 0 was asked for
     * @throws IoException if it is closed
     */
    public int port() throws IoException {
        return Sockets.portOf(localAddress());
    }

    TcpOptions connections() {
        return connections;
    }

    Connection accept(Timeout limit) throws IoException {
        begin();
        return using(() -> within(limit, Operation.ACCEPT, listener::accept));
    }

    @Override
    Socket below() {
        return listener;
    }
}
