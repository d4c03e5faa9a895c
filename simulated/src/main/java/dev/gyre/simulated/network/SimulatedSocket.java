package dev.gyre.simulated.network;

import dev.gyre.io.Address;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.IpAddress;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.UnixAddress;
import dev.gyre.simulated.kernel.Outgoing;
import dev.gyre.simulated.kernel.Refusal;
import dev.gyre.simulated.turns.Watchers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A socket behind a descriptor: fresh, bound, listening or connected. Guarded by the kernel's lock. */
final class SimulatedSocket {
    /** The address of a Unix socket that nobody gave one. */
    static final UnixAddress UNNAMED = new UnixAddress("");

    final SocketType type;
    final SocketOptions options;

    /** Whose it was when it was made. */
    final int process;

    /** Its address, as the kernel has it, where it was bound to one. */
    @Nullable Address bound;

    /** What messages call it: the address that it was connected to, or accepted at. */
    private @Nullable Address known;

    private @Nullable Stream stream;

    /** The other end, where it is on this machine. */
    private @Nullable SimulatedSocket peer;

    /** Connections that nobody has accepted yet; null if it does not listen. */
    private @Nullable Deque<SimulatedSocket> queue;

    private int backlog;

    /** How many places in the queue are kept for connections that other machines have yet to take. */
    private int reserved;

    private boolean shut;
    private final Watchers acceptors = new Watchers();
    private final Watchers connectors = new Watchers();

    SimulatedSocket(SocketType type, int process) {
        this(type, process, new SocketOptions());
    }

    private SimulatedSocket(SocketType type, int process, SocketOptions options) {
        this.type = type;
        this.process = process;
        this.options = options;
    }

    /** One for a connection that this listener hands out. */
    SimulatedSocket forConnection() {
        return new SimulatedSocket(type, process, new SocketOptions(options));
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

    /** Whether it has a plain address, and gets what is sent to another plain one there. */
    boolean isAt(IpAddress place, IpAddress destination) {
        return bound instanceof IpAddress ip
                && Addresses.plain(ip).equals(place)
                && Addresses.receives(place, options.has(SocketOption.IP6_ONLY), destination);
    }

    boolean isFull() {
        return queue != null && queue.size() + reserved >= backlog;
    }

    /** Keeps a place in the queue. */
    void reserve() {
        reserved++;
    }

    /** Gives a place back that was kept. */
    void unreserve() {
        reserved--;
        connectors.signal();
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

    /**
     * It is connected.
     *
     * @param newKnown what messages call it
     * @param newPeer the other end; null where it is on another machine
     */
    void connected(Address newKnown, @Nullable SimulatedSocket newPeer, Stream newStream) {
        known = newKnown;
        peer = newPeer;
        stream = newStream;
    }

    /** The process that made the other end. */
    int peerProcess() {
        return peer == null ? Outgoing.NO_PROCESS : peer.process;
    }

    /** Whether it is noted who writes. Either end may ask for that. */
    boolean notesSenders() {
        return options.has(SocketOption.PASS_CREDENTIALS)
                || (peer != null && peer.options.has(SocketOption.PASS_CREDENTIALS));
    }

    Stream stream() throws Refusal {
        if (stream == null) {
            throw new Refusal(ErrorNumber.ENOTCONN);
        }
        return stream;
    }

    /** The stream of a connection. */
    Stream requireStream() {
        if (stream == null) {
            throw new AssertionError("a connection has a stream");
        }
        return stream;
    }

    /** The address of a listener. */
    Address requireBound() {
        if (bound == null) {
            throw new AssertionError("a listener has an address");
        }
        return bound;
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

    /** Hands nothing out any more. Returns the connections that nobody has accepted. */
    List<SimulatedSocket> takeQueue() {
        shut = true;
        List<SimulatedSocket> waiting = queue == null ? List.of() : List.copyOf(queue);
        if (queue != null) {
            queue.clear();
        }
        acceptors.signal();
        connectors.signal();
        return waiting;
    }

    @Override
    public String toString() {
        if (stream != null) {
            return "connection " + known;
        }
        return (queue == null ? "socket " : "listener ") + bound;
    }
}
