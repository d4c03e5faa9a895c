package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.IpAddress;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.UnixAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A socket behind a descriptor: fresh, bound, listening or connected. Guarded by the kernel's lock. */
final class SimulatedSocket {
    final SocketType type;
    final SocketOptions options;

    /** Its address, as the kernel has it, where it was bound to one. */
    @Nullable Address bound;

    /** What messages call it: the address that it was connected to, or accepted at. */
    private @Nullable Address known;

    private @Nullable Stream stream;

    /** Connections that nobody has accepted yet; null if it does not listen. */
    private @Nullable Deque<SimulatedSocket> queue;

    private int backlog;
    private boolean shut;
    private final Watchers acceptors = new Watchers();
    private final Watchers connectors = new Watchers();

    SimulatedSocket(SocketType type) {
        this(type, new SocketOptions());
    }

    SimulatedSocket(SocketType type, SocketOptions options) {
        this.type = type;
        this.options = options;
    }

    /** Those who wait for a connection. */
    Watchers acceptors() {
        return acceptors;
    }

    /** Those who wait for a place in the queue, or for the end of it. */
    Watchers connectors() {
        return connectors;
    }

    void listen(int newBacklog) {
        queue = new ArrayDeque<>();
        backlog = newBacklog;
    }

    boolean isListening() {
        return queue != null && !shut;
    }

    /** Whether it has a plain address, and gets what is sent to another one there. */
    boolean isAt(Address place, Address destination) {
        return switch (bound) {
            case null -> false;
            case UnixAddress unix -> unix.equals(place);
            case IpAddress ip -> Loopback.plain(ip).equals(place) && destination instanceof IpAddress sentTo
                    && Loopback.receives(
                            Loopback.plain(ip), options.has(SocketOption.IP6_ONLY), Loopback.destination(sentTo));
        };
    }

    boolean isFull() {
        return queue != null && queue.size() == backlog;
    }

    /** Adds a connection that nobody has accepted yet. */
    void offer(SimulatedSocket connection) {
        if (queue == null) {
            throw new AssertionError("connections are offered to a listener");
        }
        queue.add(connection);
        acceptors.signal();
    }

    /** Takes the next connection, or null if it has to be waited for. */
    @Nullable SimulatedSocket take() throws Refusal {
        if (queue == null || shut) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
        SimulatedSocket next = queue.poll();
        if (next != null) {
            connectors.signal();
        }
        return next;
    }

    void connected(Address newKnown, Stream newStream) {
        known = newKnown;
        stream = newStream;
    }

    Stream stream() throws Refusal {
        if (stream == null) {
            throw new Refusal(ErrorNumber.ENOTCONN);
        }
        return stream;
    }

    boolean isConnected() {
        return stream != null;
    }

    /** Ends what anybody waits for on it. */
    void interrupt() {
        shut = true;
        if (stream != null) {
            stream.discard();
            stream.end();
        }
        acceptors.signal();
        connectors.signal();
    }

    /** Lets connections go that nobody has accepted. */
    void abandonQueue() {
        shut = true;
        if (queue != null) {
            for (SimulatedSocket waiting : queue) {
                if (waiting.stream != null) {
                    waiting.stream.abort();
                }
            }
            queue.clear();
        }
        acceptors.signal();
        connectors.signal();
    }

    @Override
    public String toString() {
        if (stream != null) {
            return "connection " + known;
        }
        return (queue == null ? "socket " : "listener ") + bound;
    }
}
