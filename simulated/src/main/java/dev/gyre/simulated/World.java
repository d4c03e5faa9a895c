package dev.gyre.simulated;

import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.IpAddress;
import dev.gyre.io.spi.SharedRandom;
import dev.gyre.io.spi.name.HostName;
import dev.gyre.simulated.disk.Disk;
import dev.gyre.simulated.network.Internet;
import dev.gyre.simulated.network.Subnet;
import dev.gyre.simulated.turns.Choices;
import dev.gyre.simulated.turns.Scheduler;
import dev.gyre.simulated.turns.SimulatedFiber;
import dev.gyre.simulated.turns.VirtualClock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hosts, and links between them, in one simulation: in one virtual time, and by the choices of one seed.
 *
 * <pre>{@code
 * Simulation.runWorld(SimulationOptions.ofSeed(42), world -> {
 *     Link link = world.link(LinkOptions.DEFAULT.withLatency(Duration.ofMillis(5)));
 *     Host server = world.host("server", link);
 *     Host client = world.host("client", link);
 *     server.start(io -> serve(io));
 *     return client.run(io -> ask(io, io.connect("server", 7000)));
 * });
 * }</pre>
 *
 * <p>Each host has its own addresses, ports, names of Unix sockets and disk, and programs that run on it, each with an
 * {@link Io}. The program that builds the world has one, too, whose machine is attached to nothing. Tasks, mutexes,
 * events and queues may be used from every task of the world, whichever {@code Io} they are of: tests let hosts wait
 * for each other in this way.
 *
 * <p>An address that is not on a link of its host is reached by a router that is on one, and joins it to the other
 * link. To connect fails as on Linux: with {@link dev.gyre.io.Reason#NETWORK_UNREACHABLE} where no link and no router
 * leads, after three seconds with {@link dev.gyre.io.Reason#HOST_UNREACHABLE} where nobody on the host's own link has
 * the address, after 127 seconds with {@link dev.gyre.io.Reason#TIMED_OUT} where nobody behind a router has, and with
 * {@link dev.gyre.io.Reason#CONNECTION_REFUSED} where nobody listens.
 *
 * <p>Made by {@link Simulation#runWorld}. Its methods are for the tasks of its simulation, and do not wait.
 */
public final class World {
    private final IoOptions limits;
    private final SimulationOptions options;
    private final Scheduler scheduler;
    private final VirtualClock clock;
    private final Internet internet;
    private final AtomicLong fibers = new AtomicLong();
    private final ThreadLocal<SimulatedFiber> foreign = ThreadLocal.withInitial(this::newForeign);
    private final List<Link> links = new ArrayList<>();
    private final Map<String, Host> hosts = new LinkedHashMap<>();

    /** What runs on hosts, or did. */
    private final List<SimulatedIo> processes = new CopyOnWriteArrayList<>();

    private final SimulatedIo io;
    private int processCount;

    @SuppressWarnings("this-escape") // they only keep the reference
    World(IoOptions limits, SimulationOptions options, Choices choices) {
        this.limits = limits;
        this.options = options;
        this.scheduler = new Scheduler(choices, options.stepsMax());
        this.clock = new VirtualClock(scheduler);
        this.internet = new Internet(scheduler);
        this.io = newIo(new Machine(internet, "", clock, newDisk(0)));
    }

    /**
     * The {@code Io} of the program that builds the world. Its machine has the addresses 127.0.0.0/8 and ::1, a disk,
     * and no way to the hosts.
     *
     * @return always the same
     */
    public Io io() {
        return io;
    }

    /**
     * Makes a link.
     *
     * @param linkOptions what it is like
     * @return to which nothing is attached
     * @throws IllegalStateException if there are 255 already
     */
    public Link link(LinkOptions linkOptions) {
        return change(() -> {
            if (links.size() == Subnet.NUMBER_MAX) {
                throw new IllegalStateException("there are " + Subnet.NUMBER_MAX + " links already");
            }
            Link link = new Link(internet.newSubnet(linkOptions));
            links.add(link);
            return link;
        });
    }

    /**
     * Joins links by a router, so that what is on one of them reaches what is on the others. It has an address on each,
     * as a host has, takes no time itself, and drops what is for nobody.
     *
     * @param joined two or more, of this world
     */
    public void router(Link... joined) {
        if (joined.length < 2) {
            throw new IllegalArgumentException("a router joins two links or more");
        }
        change(() -> {
            internet.join(subnets(joined));
            return joined;
        });
    }

    /**
     * Makes a host, with an empty disk of {@link SimulationOptions#diskBytesMax}. Its name leads to its addresses on
     * every host.
     *
     * @param name of the host, in any case
     * @param attached the links that it is attached to, by {@code eth0}, {@code eth1} and so on; of this world, and
     *     none twice
     * @return on which nothing runs
     * @throws IllegalArgumentException if there is a host of that name, or it is no name of a host
     */
    public Host host(String name, Link... attached) {
        try {
            HostName.check(name);
        } catch (IoException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
        return change(() -> {
            String plain = HostName.plain(name);
            if (hosts.containsKey(plain)) {
                throw new IllegalArgumentException("there is a host " + name + " already");
            }
            Host host = new Host(this, name, newDisk(hosts.size() + 1), subnets(attached));
            hosts.put(plain, host);
            return host;
        });
    }

    private List<Subnet> subnets(Link... some) {
        List<Link> own = List.of(some);
        if (!links.containsAll(own)) {
            throw new IllegalArgumentException("a link is of another world: " + own);
        }
        if (own.stream().distinct().count() < own.size()) {
            throw new IllegalArgumentException("a link is named twice: " + own);
        }
        return own.stream().map(link -> link.subnet).toList();
    }

    /** Changes the world in one piece. */
    private <T> T change(Supplier<T> change) {
        return scheduler.atomically(change);
    }

    private Disk newDisk(int number) {
        return new Disk(seedOf(number), options.diskBytesMax(), clock.now(Clock.REAL).nanoseconds());
    }

    /** A seed for one of several things that each need one. The first has the world's. */
    private long seedOf(int number) {
        return number == 0 ? options.seed() : new SharedRandom(options.seed() + number).nextLong();
    }

    private SimulatedIo newIo(Machine machine) {
        int number = processCount++;
        return new SimulatedIo(limits, this, machine, number + 1, new SharedRandom(seedOf(number)));
    }

    /** Begins a process on a machine. */
    SimulatedIo newProcess(Machine machine) {
        SimulatedIo process = change(() -> newIo(machine));
        processes.add(process);
        return process;
    }

    /** Lets a machine lose its power. What ran there unwinds, and can do nothing any more. */
    void powerCut(Machine machine, Unsynced unsynced) {
        SimulatedFiber caller = scheduler.runningHere();
        if (caller != null) {
            scheduler.yieldFrom(caller);
        }
        List<SimulatedIo> there = change(() -> {
            List<SimulatedIo> running = processes.stream().filter(process -> process.isOn(machine)).toList();
            running.forEach(SimulatedIo::die);
            machine.powerCut(unsynced);
            return running;
        });
        there.forEach(SimulatedIo::unwind);
    }

    /** As the program of the world sees it. */
    SimulatedIo simulatedIo() {
        return io;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    VirtualClock clock() {
        return clock;
    }

    Internet internet() {
        return internet;
    }

    SimulationOptions options() {
        return options;
    }

    long nextFiber() {
        return fibers.incrementAndGet();
    }

    /** The addresses of a name in lower case; null if it is nobody's. */
    @Nullable List<IpAddress> addresses(String name) {
        return change(() -> {
            List<IpAddress> named = options.names().get(name);
            Host host = named == null ? hosts.get(name) : null;
            return host == null ? named : host.addresses();
        });
    }

    /** The fiber of a thread that is no task's and no guest's. */
    SimulatedFiber foreignFiber() {
        return foreign.get();
    }

    /** Runs something on a foreign thread that is known already, and is not heard of afterwards. */
    void runAs(SimulatedFiber stranger, Runnable call) {
        foreign.set(stranger);
        try {
            call.run();
        } finally {
            foreign.remove();
            scheduler.left(stranger);
        }
    }

    private SimulatedFiber newForeign() {
        SimulatedFiber fiber = SimulatedFiber.foreign(io);
        fiber.setThread();
        scheduler.arrived(fiber);
        return fiber;
    }

    /** Ends everything. Called by none of its tasks. */
    void close() {
        try {
            processes.forEach(SimulatedIo::close);
        } finally {
            io.close();
        }
    }
}
