package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The network inside of one machine: what is sent is there.
 *
 * <p>An operation is tried. Where there is nothing for it to do, its fiber waits for the socket to change and tries
 * again. It takes what it takes in the attempt that succeeds, and on the thread of its caller: one that is canceled
 * before, or runs out of time, has no effect.
 *
 * <p>The network's lock guards all sockets. The scheduler's may be taken with it, and not the other way round.
 */
final class Network {
    /** An attempt at an operation; null if it has to wait. With the network's lock. */
    @FunctionalInterface
    interface Attempt<T> {
        @Nullable T run() throws IoException;
    }

    /** The address of a Unix socket that nobody gave one. */
    private static final UnixAddress UNNAMED = new UnixAddress("");

    private final SimulatedIo io;
    private final Scheduler scheduler;
    private final Ports ports;
    private final UnixNames unixNames = new UnixNames();
    private final List<SimulatedListener> listeners = new ArrayList<>();

    /** The sockets that the program has to close, in the order in which it got them. */
    private final Set<AutoCloseable> open = new LinkedHashSet<>();

    Network(SimulatedIo io, Scheduler scheduler) {
        this.io = io;
        this.scheduler = scheduler;
        this.ports = new Ports(scheduler);
    }

    SimulatedIo io() {
        return io;
    }

    /** The sockets that are open, as people call them. */
    synchronized List<String> open() {
        return open.stream().map(Object::toString).toList();
    }

    SimulatedListener listen(Address address, ListenOptions options) throws IoException {
        io.interleave();
        synchronized (this) {
            Address bound = switch (address) {
                case IpAddress ip -> Loopback.seenFrom(ip, ports.bind(ip, options));
                case UnixAddress unix -> unixNames.bind(unix);
            };
            SimulatedListener listener = new SimulatedListener(this, bound, options);
            listeners.add(listener);
            open.add(listener);
            return listener;
        }
    }

    SimulatedConnection connect(Address address, Timeout timeout) throws IoException {
        long deadline = io.clock().deadline(timeout);
        SimulatedFiber fiber = io.begin();
        SimulatedListener listener = listenerFor(address);
        return await(fiber, Operation.CONNECT, address, deadline, listener.connectors(), () -> {
            if (listener.isClosed()) {
                throw Operation.CONNECT.failure(Reason.CONNECTION_REFUSED, address);
            }
            return listener.isFull() ? null : establish(address, listener);
        });
    }

    /**
     * Tries an operation until it succeeds.
     *
     * @param fiber the caller's, by {@link SimulatedIo#begin()}
     * @param target for messages
     * @param deadline by virtual time
     * @param watchers who hear when it is worth another attempt
     */
    <T> T await(SimulatedFiber fiber, Operation operation, Object target, long deadline, Watchers watchers,
            Attempt<T> attempt) throws IoException {
        while (true) {
            Alarm alarm;
            synchronized (this) {
                T result = attempt.run();
                if (result != null) {
                    return result;
                }
                if (deadline <= scheduler.now()) {
                    throw operation.failure(Reason.TIMED_OUT, target);
                }
                alarm = new Alarm(scheduler, fiber, deadline, operation.verb(), target);
                watchers.add(alarm);
                scheduler.add(alarm);
            }
            fiber.block(alarm);
            synchronized (this) {
                watchers.remove(alarm);
            }
            fiber.checkCancel();
        }
    }

    /** The program got a socket. With the lock. */
    void opened(SimulatedConnection connection) {
        open.add(connection);
    }

    /** A connection has ended at this end. With the lock. */
    void closed(SimulatedConnection connection, Address local, boolean lingers) {
        open.remove(connection);
        if (local instanceof IpAddress ip) {
            ports.disconnected(Loopback.plain(ip));
            if (lingers) {
                ports.linger(Loopback.plain(ip));
            }
        }
    }

    /** With the lock. */
    void closed(SimulatedListener listener, ListenOptions options) {
        open.remove(listener);
        listeners.remove(listener);
        switch (listener.localAddress()) {
            case IpAddress ip -> ports.unbind(Loopback.plain(ip), options);
            case UnixAddress unix -> unixNames.unbind(unix);
        }
    }

    /** Who gets a connection to an address. Where several share it, chance decides. */
    private synchronized SimulatedListener listenerFor(Address address) throws IoException {
        for (Address place : placesFor(destination(address))) {
            List<SimulatedListener> there = listeners.stream()
                    .filter(listener -> plain(listener.localAddress()).equals(place))
                    .toList();
            if (!there.isEmpty()) {
                return there.get(there.size() == 1 ? 0 : scheduler.choose(there.size()));
            }
        }
        throw Operation.CONNECT.failure(refusal(address), address);
    }

    private Reason refusal(Address address) {
        return switch (address) {
            case IpAddress ip -> Loopback.isOwn(Loopback.destination(ip))
                    ? Reason.CONNECTION_REFUSED
                    : Reason.NETWORK_UNREACHABLE;
            case UnixAddress unix -> unixNames.refusal(unix);
        };
    }

    /** Makes both ends of a connection, puts the one into the listener's queue, and returns the other. */
    private SimulatedConnection establish(Address address, SimulatedListener listener) throws IoException {
        Address destination = destination(address);
        Address source = switch (destination) {
            case IpAddress ip -> ports.connect(address, ip);
            case UnixAddress _ -> UNNAMED;
        };
        Pipe there = new Pipe();
        Pipe back = new Pipe();
        SimulatedConnection client = new SimulatedConnection(this, address,
                Loopback.seenFrom(address, source), Loopback.seenFrom(address, destination), back, there);
        Address place = listener.localAddress();
        listener.add(new SimulatedConnection(this, place,
                Loopback.seenFrom(place, destination), Loopback.seenFrom(place, source), there, back));
        opened(client);
        return client;
    }

    private static Address destination(Address address) {
        return address instanceof IpAddress ip ? Loopback.destination(ip) : address;
    }

    private static Address plain(Address address) {
        return address instanceof IpAddress ip ? Loopback.plain(ip) : address;
    }

    private static List<? extends Address> placesFor(Address destination) {
        return destination instanceof IpAddress ip ? Loopback.listenersFor(ip) : List.of(destination);
    }
}
