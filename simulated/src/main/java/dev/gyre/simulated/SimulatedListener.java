package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.util.ArrayDeque;
import java.util.Deque;

/** {@link Listener} with a queue of its own. Guarded by the network's lock. */
final class SimulatedListener implements Listener {
    private final Network network;
    private final Address address;
    private final ListenOptions options;
    private final Deque<SimulatedConnection> queue = new ArrayDeque<>();
    private final Watchers acceptors = new Watchers();
    private final Watchers connectors = new Watchers();
    private boolean closed;

    SimulatedListener(Network network, Address address, ListenOptions options) {
        this.network = network;
        this.address = address;
        this.options = options;
    }

    @Override
    public Connection accept() throws IoException {
        SimulatedFiber fiber = network.io().begin();
        return network.await(fiber, Operation.ACCEPT, address, Long.MAX_VALUE, acceptors, () -> {
            if (closed) {
                throw Operation.ACCEPT.failure(Reason.CLOSED, address);
            }
            SimulatedConnection connection = queue.poll();
            if (connection != null) {
                network.opened(connection);
                connectors.signal();
            }
            return connection;
        });
    }

    @Override
    public Address localAddress() {
        return address;
    }

    @Override
    public void close() {
        network.io().interleave();
        synchronized (network) {
            if (!closed) {
                closed = true;
                network.closed(this, options);
                queue.forEach(SimulatedConnection::abort);
                queue.clear();
                acceptors.signal();
                connectors.signal();
            }
        }
    }

    @Override
    public String toString() {
        return "listener " + address;
    }

    /** Those who wait for a place in the queue, or for the end of it. */
    Watchers connectors() {
        return connectors;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isFull() {
        return queue.size() == options.backlog();
    }

    /** Adds a connection that nobody has accepted yet. */
    void add(SimulatedConnection connection) {
        queue.add(connection);
        acceptors.signal();
    }
}
