package dev.gyre.simulated;

import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Task;
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

    Host(World world, String name, Disk disk, List<Link> links) {
        this.world = world;
        this.name = name;
        this.machine = new Machine(world, name, world.clock(), disk);
        links.forEach(machine.interfaces()::attach);
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
        return world.scheduler().atomically(() -> List.copyOf(machine.interfaces().addresses()));
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
     * @throws LeakError if it returned and left a socket open
     */
    public <T extends @Nullable Object> T run(Program<T> program) throws Exception {
        SimulatedIo process = world.newProcess(machine);
        Task<T, Exception> main = process.concurrent(() -> program.run(process));
        return process.runToEnd(main::await);
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

    @Override
    public String toString() {
        return "host " + name;
    }
}
