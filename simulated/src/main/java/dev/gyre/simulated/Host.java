package dev.gyre.simulated;

import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Task;
import dev.gyre.simulated.disk.Disk;
import dev.gyre.simulated.network.Subnet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine of a {@link World}, on which programs run: made by {@link World#host}.
 *
 * <p>Each program is a process: it has an {@link Io} of its own, with its own descriptors, and shares ports, files, and
 * names of Unix sockets with others of the same host. What it starts in its {@code Io} belongs to it and ends with it.
 * The host's disk is not the process's: it is there for the next one.
 */
public final class Host {
    private final World world;
    private final String name;
    private final Machine machine;
    private final HostDisk disk;

    Host(World world, String name, Disk disk, List<Subnet> subnets) {
        this.world = world;
        this.name = name;
        this.machine = new Machine(world.internet(), name, world.clock(), disk);
        this.disk = new HostDisk(world.scheduler(), disk);
        subnets.forEach(machine.network().interfaces()::attach);
    }

    /**
     * Its name.
     *
     * @return as it was made
     */
    public String name() {
        return name;
    }

    /**
     * Where it is found: its addresses of IPv4, and then those of IPv6, in the order of its links, with port 0.
     *
     * @return without 127.0.0.0/8 and ::1, which every host has for itself
     */
    public List<IpAddress> addresses() {
        return world.scheduler().atomically(() -> List.copyOf(machine.network().interfaces().addresses()));
    }

    /**
     * Where it is found first.
     *
     * @param port of the address
     * @return its address of IPv4 on the first link that it is attached to
     * @throws IllegalStateException if it is attached to none
     */
    public IpAddress address(int port) {
        List<IpAddress> addresses = addresses();
        if (addresses.isEmpty()) {
            throw new IllegalStateException(this + " is attached to no link");
        }
        return addresses.getFirst().withPort(port);
    }

    /**
     * Runs a program on this host, and waits for its end. When it returns or throws, tasks of its {@code Io} that still
     * run are canceled and awaited, and what it has left open is closed, as a kernel does when a process ends: nobody
     * may use that afterwards. A cancellation point: if the calling task is to stop, the program is canceled, and
     * awaited.
     *
     * @param <T> what it returns
     * @param program to run, as a task of an {@code Io} of its own
     * @return what it returned
     * @throws Exception what it threw: the same object
     * @throws PowerCutException if the host has lost its power meanwhile
     * @throws LeakError if it returned and left a socket open
     */
    public <T extends @Nullable Object> T run(Program<T> program) throws Exception {
        SimulatedIo process = world.newProcess(machine);
        Task<T, Exception> main = process.concurrent(() -> program.run(process));
        T value;
        try {
            value = process.runToEnd(main::await);
        } catch (Throwable thrown) {
            if (process.isDead()) {
                throw new PowerCutException(this, thrown);
            }
            throw thrown;
        }
        if (process.isDead()) {
            throw new PowerCutException(this, null);
        }
        return value;
    }

    /**
     * Starts a program on this host, and does not wait for it.
     *
     * @param <T> what it returns
     * @param program to run as {@link #run} does
     * @return a task of the world's {@linkplain World#io Io} that has its result
     * @throws ConcurrencyUnavailable if there are as many tasks as that may have
     */
    public <T extends @Nullable Object> Task<T, Exception> start(Program<T> program) throws ConcurrencyUnavailable {
        return world.io().concurrent(() -> run(program));
    }

    /**
     * Its disk.
     *
     * @return always the same
     */
    public HostDisk disk() {
        return disk;
    }

    /**
     * Cuts its power off, and gives it back at once: what runs there is no more, sockets and locks are gone, and of its
     * disk only that is left which was synced, and of the rest what {@code unsynced} says. Programs that are started
     * then find the disk so.
     *
     * <p>The tasks that ran are canceled, and whatever they still call in their {@code Io} that could have an effect
     * outside, also where they are protected against cancellation, throws {@link dev.gyre.io.CanceledException} and has
     * none. {@link #run} throws {@link PowerCutException} as soon as they have ended.
     *
     * <p>Other hosts are not told. They hear of it by a reset when they send to a connection that is no more; who waits
     * for something to read waits on, as with a real machine.
     *
     * <p>The disk is then as a file system with a journal leaves it: what a rename has changed is there as a whole or
     * not at all, also where only one of two folders was synced.
     *
     * <p>Does not wait. A task that calls it gives way to others before, so that {@link Simulation#exploreWorld} tries
     * every moment that there is.
     *
     * @param unsynced what becomes of what was not synced
     */
    public void powerCut(Unsynced unsynced) {
        world.powerCut(machine, unsynced);
    }

    @Override
    public String toString() {
        return "host " + name;
    }
}
