package dev.gyre.simulated.network;

import dev.gyre.io.UnixAddress;
import dev.gyre.simulated.kernel.Refusal;
import dev.gyre.simulated.turns.VirtualClock;
import java.util.function.Consumer;

/**
 * The network of a machine: its interfaces, its sockets, and the names that these have.
 *
 * <p>Guarded by the scheduler's lock.
 */
public final class NetworkStack implements Station {
    private final Internet internet;
    private final VirtualClock clock;
    private final Consumer<Object> dropped;
    private final UnixNames unixNames = new UnixNames();
    private final InterfaceTable interfaces;

    // What is gone when the machine loses its power.
    private StreamNetwork streams;
    private DatagramNetwork datagrams;

    /**
     * One that is attached to nothing.
     *
     * @param dropped is told what was passed to another process and never arrives
     */
    public NetworkStack(Internet internet, VirtualClock clock, Consumer<Object> dropped) {
        this.internet = internet;
        this.clock = clock;
        this.dropped = dropped;
        this.interfaces = new InterfaceTable(this, internet::routers);
        this.streams = new StreamNetwork(this, internet.scheduler(), unixNames);
        this.datagrams = new DatagramNetwork(this, internet.scheduler(), unixNames);
    }

    /**
     * The machine loses its power. Nobody is told: what others send to connections that are no more is answered as by a
     * machine that knows nothing of them.
     */
    public void powerCut() {
        streams.vanish();
        unixNames.powerCut();
        streams = new StreamNetwork(this, internet.scheduler(), unixNames);
        datagrams = new DatagramNetwork(this, internet.scheduler(), unixNames);
    }

    VirtualClock clock() {
        return clock;
    }

    public InterfaceTable interfaces() {
        return interfaces;
    }

    StreamNetwork streams() {
        return streams;
    }

    DatagramNetwork datagrams() {
        return datagrams;
    }

    /** What tells a connection from all others in the world. */
    long nextConnection() {
        return internet.nextConnection();
    }

    /** Removes the file of a Unix socket. Whether there was one at which nobody listens. */
    boolean removeStale(UnixAddress address) {
        return unixNames.removeStale(address);
    }

    /** Lets go of something that was on its way to a descriptor and never arrives. */
    void drop(Object target) {
        dropped.accept(target);
    }

    /** Ends a socket to which nothing refers any more. Whether it is one. */
    public boolean end(Object target) {
        switch (target) {
            case SimulatedSocket socket -> streams.end(socket);
            case DatagramEnd end -> datagrams.close(end);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Sends a packet to another machine. One that there is no way for is lost. */
    void send(Packet packet) {
        try {
            interfaces.route(packet.destination()).send(packet);
        } catch (Refusal _) {
            // It came from there, and the way back is another one: none.
        }
    }

    @Override
    public void arrived(Packet packet, NetworkInterface at) {
        switch (packet) {
            case Packet.Segment segment -> streams.arrived(segment, at);
            case Packet.Udp udp -> datagrams.arrived(udp, at.index);
            case Packet.Unreachable unreachable -> datagrams.failed(unreachable);
        }
    }
}
