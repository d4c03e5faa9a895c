package dev.gyre.simulated;

import dev.gyre.io.Change;
import dev.gyre.io.UnixAddress;

/**
 * A machine while it runs: its network, the names of its Unix sockets, the locks of its files, and what its processes
 * have open. Its {@link Disk} is there before it, and may be after it.
 *
 * <p>Guarded by the scheduler's lock.
 */
final class Machine implements Station {
    /** What people call it; empty for the one that the world's program runs on. */
    final String name;

    final VirtualClock clock;
    final Disk disk;
    private final World world;
    private final UnixNames unixNames = new UnixNames();
    private final InterfaceTable interfaces;

    // What is gone when it loses its power.
    private References references = new References();
    private FileLocks fileLocks = new FileLocks();
    private Fifos fifos = new Fifos();
    private ChangeMarks changeMarks = new ChangeMarks();
    private StreamNetwork streams;
    private DatagramNetwork datagrams;

    /** One that is attached to nothing. */
    Machine(World world, String name, VirtualClock clock, Disk disk) {
        this.world = world;
        this.name = name;
        this.clock = clock;
        this.disk = disk;
        this.interfaces = new InterfaceTable(this, world::routers);
        this.streams = new StreamNetwork(this, world.scheduler(), unixNames);
        this.datagrams = new DatagramNetwork(this, world.scheduler(), unixNames);
    }

    /**
     * Loses its power, and is there again at once. Nobody is told: what others send to connections that are no more is
     * answered as by a machine that knows nothing of them.
     */
    void powerCut(Unsynced unsynced) {
        streams.vanish();
        unixNames.powerCut();
        references = new References();
        fileLocks = new FileLocks();
        fifos = new Fifos();
        changeMarks = new ChangeMarks();
        streams = new StreamNetwork(this, world.scheduler(), unixNames);
        datagrams = new DatagramNetwork(this, world.scheduler(), unixNames);
        disk.powerCut(unsynced);
    }

    References references() {
        return references;
    }

    FileLocks fileLocks() {
        return fileLocks;
    }

    Fifos fifos() {
        return fifos;
    }

    ChangeMarks changeMarks() {
        return changeMarks;
    }

    InterfaceTable interfaces() {
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
        return world.nextConnection();
    }

    /** Removes the file of a Unix socket. Whether there was one at which nobody listens. */
    boolean removeStale(UnixAddress address) {
        return unixNames.removeStale(address);
    }

    /** Lets go of something that was on its way to a descriptor and never arrives. */
    void drop(Object target) {
        if (references.remove(target)) {
            end(target);
        }
    }

    /** Ends something to which nothing refers any more. */
    void end(Object target) {
        switch (target) {
            case SimulatedSocket socket -> streams.end(socket);
            case DatagramEnd end -> datagrams.close(end);
            case OpenFile file -> close(file);
            case ChangeQueue queue -> changeMarks.close(queue);
            default -> throw new AssertionError("no descriptor stands for " + target);
        }
    }

    private void close(OpenFile file) {
        boolean wasOpen = file.isOpen();
        fileLocks.release(file);
        fifos.close(file);
        synchronized (disk) {
            Found closed = file.found();
            if (wasOpen && file.isWritable()) {
                changeMarks.changed(closed, Change.CLOSED_AFTER_WRITE);
            }
            file.close();
            changeMarks.goneIfUnused(closed.inode(), closed.place());
        }
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
