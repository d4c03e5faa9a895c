package dev.gyre.simulated.network;

import dev.gyre.io.Address;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.UnixAddress;
import dev.gyre.simulated.network.Packet.Kind;
import dev.gyre.simulated.network.Packet.Segment;
import dev.gyre.simulated.kernel.Pipe;
import dev.gyre.simulated.kernel.Refusal;
import dev.gyre.simulated.turns.Alarm;
import dev.gyre.simulated.turns.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one machine: those within it, which both ends share, and its ends of those to other machines.
 * Guarded by the kernel's lock.
 */
final class StreamNetwork {
    private static final long SECOND_NANOS = 1_000_000_000;

    /** How often Linux asks again for a connection ({@code net.ipv4.tcp_syn_retries}), first after a second. */
    private static final int ASKED_AGAIN_MAX = 6;

    /** How long Linux looks for a machine of its own link: three probes, one a second (arp(7)). */
    private static final long SEARCH_NANOS = 3 * SECOND_NANOS;

    private final NetworkStack stack;
    private final Scheduler scheduler;
    private final Ports ports;
    private final UnixNames unixNames;
    private final List<SimulatedSocket> listeners = new ArrayList<>();
    private final Map<Ends, TcpEnd> across = new HashMap<>();

    /** By which addresses this machine finds an end of a connection. */
    private record Ends(IpAddress local, IpAddress remote) {}

    StreamNetwork(NetworkStack stack, Scheduler scheduler, UnixNames unixNames) {
        this.stack = stack;
        this.scheduler = scheduler;
        this.unixNames = unixNames;
        this.ports = new Ports(scheduler, stack.interfaces(), false);
    }

    void bind(SimulatedSocket socket, Address address) throws Refusal {
        socket.bound = switch (address) {
            case IpAddress ip -> Addresses.seenFrom(ip, ports.bind(ip, socket.options));
            case UnixAddress unix -> unixNames.bind(unix, UnixNames.Kind.of(socket.type), socket);
        };
    }

    void listen(SimulatedSocket socket, int backlog) {
        socket.listen(backlog);
        listeners.add(socket);
    }

    /** Ends a socket to which nothing refers any more. */
    void end(SimulatedSocket socket) {
        if (socket.isConnected()) {
            closeConnection(socket, socket.options.has(SocketOption.RESET_ON_CLOSE));
        } else {
            listeners.remove(socket);
            socket.takeQueue().forEach(waiting -> closeConnection(waiting, true));
        }
        switch (socket.bound) {
            case IpAddress ip -> ports.unbind(Addresses.plain(ip), socket.options);
            case UnixAddress unix -> unixNames.unbind(unix, UnixNames.Kind.of(socket.type), socket);
            case null -> {}
        }
    }

    private void closeConnection(SimulatedSocket socket, boolean resets) {
        Stream stream = socket.requireStream();
        boolean lingers = false;
        if (resets) {
            stream.abort();
        } else {
            lingers = stream.close();
        }
        TcpEnd end = stream.across();
        if (end != null) {
            forget(end);
        }
        if (stream.local() instanceof IpAddress ip) {
            ports.disconnected(Addresses.plain(ip));
            if (lingers) {
                ports.linger(Addresses.plain(ip));
            }
        }
    }

    /** Who gives a socket a connection within the machine. Where several share an address, chance decides. */
    SimulatedSocket listenerFor(SimulatedSocket socket, Address address) throws Refusal {
        SimulatedSocket found = switch (address) {
            case IpAddress ip -> {
                IpAddress destination = destination(socket, ip);
                requireFamily(socket, destination);
                yield listenerAt(destination);
            }
            case UnixAddress unix -> listenerAt(unix, socket.type);
        };
        if (found == null) {
            throw new Refusal(ErrorNumber.ECONNREFUSED);
        }
        return found;
    }

    private @Nullable SimulatedSocket listenerAt(UnixAddress address, SocketType type) throws Refusal {
        if (unixNames.find(address, UnixNames.Kind.of(type)) instanceof SimulatedSocket found && found.type == type) {
            return found.isListening() ? found : null;
        }
        throw new Refusal(ErrorNumber.EPROTOTYPE);
    }

    private @Nullable SimulatedSocket listenerAt(IpAddress destination) {
        for (IpAddress place : Addresses.listenersFor(destination)) {
            List<SimulatedSocket> there = listeners.stream()
                    .filter(listener -> listener.isAt(place, destination))
                    .toList();
            if (!there.isEmpty()) {
                return there.get(there.size() == 1 ? 0 : scheduler.choose(there.size()));
            }
        }
        return null;
    }

    private static IpAddress destination(SimulatedSocket socket, IpAddress address) {
        return Addresses.destination(address, socket.bound instanceof IpAddress own ? Addresses.plain(own) : null);
    }

    /** Refuses to connect from an address of one family to one of the other. */
    private static void requireFamily(SimulatedSocket socket, IpAddress destination) throws Refusal {
        IpAddress bound = socket.bound instanceof IpAddress own ? Addresses.plain(own) : destination;
        if (bound instanceof Ip4Address && destination instanceof Ip6Address) {
            throw new Refusal(ErrorNumber.EAFNOSUPPORT);
        }
        if (bound instanceof Ip6Address && destination instanceof Ip4Address && !Addresses.isUnspecified(bound)) {
            throw new Refusal(ErrorNumber.ENETUNREACH);
        }
    }

    /** Connects a socket within the machine, and puts the other end into the listener's queue. */
    void establish(Address address, SimulatedSocket socket, SimulatedSocket listener) throws Refusal {
        Address destination = address instanceof IpAddress ip ? destination(socket, ip) : address;
        Address bound = socket.bound;
        Address source = switch (destination) {
            case IpAddress ip -> ports.connect(ip, bound instanceof IpAddress own ? Addresses.plain(own) : null);
            case UnixAddress _ -> {
                if (bound == null && socket.options.has(SocketOption.PASS_CREDENTIALS)) {
                    bind(socket, SimulatedSocket.UNNAMED); // the kernel gives it a name (unix(7))
                }
                yield socket.bound == null ? SimulatedSocket.UNNAMED : socket.bound;
            }
        };
        Pipe there = new Pipe(socket.type, stack::drop);
        Pipe back = new Pipe(socket.type, stack::drop);
        SimulatedSocket accepted = listener.forConnection();
        socket.connected(address, accepted, new Stream(
                Addresses.seenFrom(address, source), Addresses.seenFrom(address, destination), back, there));
        Address place = listener.requireBound();
        accepted.connected(place, socket, new Stream(
                Addresses.seenFrom(place, destination), Addresses.seenFrom(place, source), there, back));
        listener.offer(accepted);
    }

    /** Asks another machine for a connection. */
    TcpEnd ask(SimulatedSocket socket, IpAddress destination) throws Refusal {
        requireFamily(socket, destination);
        Route route = stack.interfaces().route(destination);
        IpAddress bound = socket.bound instanceof IpAddress own ? Addresses.plain(own) : null;
        if (bound != null && Addresses.isLoopback(bound)) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
        IpAddress source = ports.leave(route.source(destination), bound);
        TcpEnd end = new TcpEnd(source, destination, stack.nextConnection(), true,
                route.from().subnet.options().inFlightBytesMax(), stack::send);
        if (across.putIfAbsent(key(end), end) != null) {
            ports.disconnected(source);
            throw new Refusal(ErrorNumber.EADDRNOTAVAIL);
        }
        if (route.next() == null) {
            after(SEARCH_NANOS, end, () -> end.fail(ErrorNumber.EHOSTUNREACH));
        } else {
            ask(end, 0);
        }
        return end;
    }

    private void ask(TcpEnd end, int asked) {
        end.say(Kind.SYN);
        after(SECOND_NANOS << asked, end, () -> {
            if (asked == ASKED_AGAIN_MAX) {
                end.fail(ErrorNumber.ETIMEDOUT);
            } else {
                ask(end, asked + 1);
            }
        });
    }

    /** Does something after a time, unless it is known by then whether there is a connection. */
    private void after(long nanos, TcpEnd end, Runnable action) {
        Alarm alarm = new Alarm(scheduler.now() + nanos) {
            @Override
            protected void ring() {
                action.run();
            }
        };
        scheduler.add(alarm);
        end.setTimer(() -> {
            var _ = scheduler.remove(alarm);
        });
    }

    /** A socket gets the connection that was asked for. */
    void connected(SimulatedSocket socket, Address address, TcpEnd end) {
        socket.connected(address, null, new Stream(
                Addresses.seenFrom(address, end.local), Addresses.seenFrom(address, end.remote), end.in(), end));
    }

    /** Nobody wants any more, or ever gets, what was asked for. */
    void giveUp(TcpEnd end) {
        end.stopTimer();
        if (end.isConnected()) {
            end.say(Kind.RST);
        }
        forget(end);
        ports.disconnected(end.local);
    }

    /** Its machine knows nothing of them any more. */
    void vanish() {
        across.values().forEach(TcpEnd::vanish);
    }

    private void forget(TcpEnd end) {
        across.remove(key(end), end);
    }

    private static Ends key(TcpEnd end) {
        return new Ends(end.local, end.remote);
    }

    /** A segment comes from another machine, by an interface. */
    void arrived(Segment segment, NetworkInterface at) {
        TcpEnd found = across.get(new Ends(segment.destination(), segment.source()));
        TcpEnd end = found == null || found.connection != segment.connection() ? null : found;
        switch (segment.kind()) {
            case SYN -> {
                if (end == null) {
                    asked(segment, found, at);
                }
            }
            case SYN_ACK, ACK, DATA -> {
                if (end == null) {
                    stack.send(segment.refusal());
                } else {
                    goOn(end, segment);
                }
            }
            case READ, FIN, RST -> {
                if (end != null) {
                    goOn(end, segment);
                }
            }
        }
    }

    private void goOn(TcpEnd end, Segment segment) {
        switch (segment.kind()) {
            case SYN -> throw new AssertionError("a connection is asked for once");
            case SYN_ACK -> end.granted();
            case ACK -> taken(end);
            case DATA -> end.in().arrive(segment.content());
            case READ -> end.wasRead(segment.count());
            case FIN -> end.in().end();
            case RST -> {
                if (end.isAsking()) {
                    end.fail(ErrorNumber.ECONNREFUSED);
                } else {
                    var _ = end.takeGrant();
                    forget(end);
                    end.wasReset();
                }
            }
        }
    }

    /** Another machine asks for a connection. Where the queue is full, it has to ask again (listen(2)). */
    private void asked(Segment segment, @Nullable TcpEnd old, NetworkInterface at) {
        SimulatedSocket listener = listenerAt(segment.destination());
        if (listener == null || !listener.isListening()) {
            stack.send(segment.refusal());
            return;
        }
        if (listener.isFull()) {
            return;
        }
        if (old != null) {
            // The other machine knows nothing of it any more.
            var _ = old.takeGrant();
            forget(old);
            old.wasReset();
        }
        TcpEnd end = new TcpEnd(segment.destination(), segment.source(), segment.connection(), false,
                at.subnet.options().inFlightBytesMax(), stack::send);
        across.put(key(end), end);
        end.grant(listener);
    }

    /** The other machine takes a connection that was granted: now it can be accepted. */
    private void taken(TcpEnd end) {
        SimulatedSocket listener = end.takeGrant();
        if (listener == null) {
            return;
        }
        if (!listener.isListening()) {
            end.reset();
            forget(end);
            return;
        }
        Address place = listener.requireBound();
        SimulatedSocket accepted = listener.forConnection();
        ports.count(end.local);
        accepted.connected(place, null, new Stream(
                Addresses.seenFrom(place, end.local), Addresses.seenFrom(place, end.remote), end.in(), end));
        listener.offer(accepted);
    }
}
