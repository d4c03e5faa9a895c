package dev.gyre.simulated.network;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.SocketOption;
import dev.gyre.simulated.kernel.Refusal;
import dev.gyre.simulated.turns.Scheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who has which port. Addresses are plain ones, see {@link Addresses}. Guarded by the kernel's lock. */
final class Ports {
    /** The ephemeral range, as Linux has it (ip(7)). */
    private static final int FIRST = 32_768;

    private static final int COUNT = 60_999 - FIRST + 1;

    /** How long the end that closed first keeps its address: {@code TCP_TIMEWAIT_LEN} of Linux. */
    private static final long LINGER_NANOS = 60_000_000_000L;

    private final Scheduler scheduler;
    private final InterfaceTable interfaces;

    /** Whether sockets of datagrams have them. Those that reuse an address may have one at the same time. */
    private final boolean datagrams;

    private final List<Binding> bindings = new ArrayList<>();

    /** How many connections have an address at this end. */
    private final Map<IpAddress, Integer> connections = new HashMap<>();

    /** In the order of their time. */
    private final Deque<Lingering> lingering = new ArrayDeque<>();

    private int turn;

    Ports(Scheduler scheduler, InterfaceTable interfaces, boolean datagrams) {
        this.scheduler = scheduler;
        this.interfaces = interfaces;
        this.datagrams = datagrams;
    }

    /**
     * Gives an address to a socket.
     *
     * @param target what the program asked for; with port 0, any port will do
     * @return its plain form, with the port
     */
    IpAddress bind(IpAddress target, SocketOptions options) throws Refusal {
        Addresses.requireInterface(target);
        if (target instanceof Ip6Address ip6 && ip6.isMapped() && options.has(SocketOption.IP6_ONLY)) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
        IpAddress wanted = Addresses.plain(target);
        if (!interfaces.isOwn(wanted) && !Addresses.isUnspecified(wanted)) {
            throw new Refusal(ErrorNumber.EADDRNOTAVAIL);
        }
        IpAddress bound = wanted.port() == 0
                ? choose(ErrorNumber.EADDRINUSE, wanted,
                        port -> isConnected(port) || isTaken(binding(port, options), options))
                : wanted;
        if (isTaken(binding(bound, options), options)) {
            throw new Refusal(ErrorNumber.EADDRINUSE);
        }
        bindings.add(binding(bound, options));
        return bound;
    }

    void unbind(IpAddress bound, SocketOptions options) {
        bindings.remove(binding(bound, options));
    }

    private Binding binding(IpAddress address, SocketOptions options) {
        return new Binding(address, options.has(SocketOption.REUSE_PORT),
                datagrams && options.has(SocketOption.REUSE_ADDRESS), options.has(SocketOption.IP6_ONLY));
    }

    /**
     * Counts both ends of a connection within the machine, until they are {@link #disconnected}.
     *
     * @param bound the plain address that the end which connects is bound to; null for none
     * @return the address of the end that connects
     */
    IpAddress connect(IpAddress destination, @Nullable IpAddress bound) throws Refusal {
        IpAddress source = leave(InterfaceTable.sourceWithin(destination), bound);
        count(destination);
        return source;
    }

    /**
     * Counts this end of a connection that is asked for, until it is {@link #disconnected}.
     *
     * @param host the address to connect from, without a port
     * @param bound the plain address that it is bound to; null for none
     * @return its address
     */
    IpAddress leave(IpAddress host, @Nullable IpAddress bound) throws Refusal {
        IpAddress source = bound == null
                ? choose(ErrorNumber.EADDRNOTAVAIL, host, port -> isConnected(port) || isListening(port))
                : Addresses.isUnspecified(bound) ? host.withPort(bound.port()) : bound;
        count(source);
        return source;
    }

    /** Counts an end of a connection, until it is {@link #disconnected}. */
    void count(IpAddress address) {
        connections.merge(address, 1, Integer::sum);
    }

    void disconnected(IpAddress address) {
        connections.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }

    /** Keeps the address of a connection that ended from this end. */
    void linger(IpAddress address) {
        forgetLingering();
        lingering.add(new Lingering(address, scheduler.now() + LINGER_NANOS));
    }

    /** The next port that is not refused: the same in each run. */
    private IpAddress choose(ErrorNumber whenNone, IpAddress host, Predicate<IpAddress> refused) throws Refusal {
        for (int i = 0; i < COUNT; i++) {
            IpAddress candidate = host.withPort(FIRST + turn);
            turn = (turn + 1) % COUNT;
            if (!refused.test(candidate)) {
                return candidate;
            }
        }
        throw new Refusal(whenNone);
    }

    /** Whether a socket may not have an address: another one has it, or, unless it is reused, a connection. */
    private boolean isTaken(Binding wanted, SocketOptions options) {
        return bindings.stream().anyMatch(other -> wanted.overlaps(other) && !wanted.isSharedWith(other))
                || (!options.has(SocketOption.REUSE_ADDRESS) && isOccupied(wanted));
    }

    private boolean isOccupied(Binding wanted) {
        forgetLingering();
        return connections.keySet().stream().anyMatch(other -> wanted.overlaps(new Binding(other)))
                || lingering.stream().anyMatch(other -> wanted.overlaps(new Binding(other.address)));
    }

    private boolean isConnected(IpAddress address) {
        return connections.containsKey(address);
    }

    private boolean isListening(IpAddress address) {
        return bindings.stream().anyMatch(new Binding(address)::overlaps);
    }

    private void forgetLingering() {
        while (!lingering.isEmpty() && lingering.getFirst().end <= scheduler.now()) {
            lingering.removeFirst();
        }
    }

    /**
     * The address of a socket.
     *
     * @param address plain
     * @param reusesPort whether others that say so too may have the port
     * @param reusesAddress the same for sockets of datagrams
     * @param ip6Only whether it refuses IPv4
     */
    private record Binding(IpAddress address, boolean reusesPort, boolean reusesAddress, boolean ip6Only) {
        Binding(IpAddress address) {
            this(address, false, false, false);
        }

        boolean isSharedWith(Binding other) {
            return (reusesPort && other.reusesPort) || (reusesAddress && other.reusesAddress);
        }

        /** Whether what is sent to one of them may arrive at the other. */
        boolean overlaps(Binding other) {
            return address.port() == other.address.port()
                    && (Addresses.receives(other.address, other.ip6Only, address)
                            || Addresses.receives(address, ip6Only, other.address));
        }
    }

    /**
     * The address of a connection that is no more.
     *
     * @param end by virtual time
     */
    private record Lingering(IpAddress address, long end) {}
}
