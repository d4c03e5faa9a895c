package dev.gyre.simulated.network;

import dev.gyre.io.Address;
import dev.gyre.io.Clock;
import dev.gyre.io.ControlData;
import dev.gyre.io.Credentials;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.MulticastGroup;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.SocketOption;
import dev.gyre.io.UnixAddress;
import dev.gyre.simulated.kernel.Refusal;
import dev.gyre.simulated.turns.Alarm;
import dev.gyre.simulated.turns.Scheduler;
import dev.gyre.simulated.turns.Watchers;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of datagrams of one machine. Within it none is lost but for want of room, and they keep their order.
 * Guarded by the kernel's lock.
 */
final class DatagramNetwork {
    /** What fits into a packet of IPv4 and of IPv6, less the headers; and into the send buffer of a Unix socket. */
    private static final int PAYLOAD4_MAX = 65_507;

    private static final int PAYLOAD6_MAX = 65_527;
    private static final int UNIX_MAX = 212_960;

    /** What a packet has besides its payload: headers of IP and UDP. */
    private static final int HEADERS4 = 28;

    private static final int HEADERS6 = 48;
    private static final int HOPS = 64;

    private static final int BROADCAST = 0xffffffff;
    private static final int LOOPBACK_BROADCAST = 0x7fffffff;

    /** How long Linux looks for a machine of its own link: three probes, one a second (arp(7)). */
    private static final long SEARCH_NANOS = 3_000_000_000L;

    private final NetworkStack stack;
    private final Scheduler scheduler;
    private final Ports ports;
    private final UnixNames unixNames;
    private final List<DatagramEnd> ends = new ArrayList<>();

    DatagramNetwork(NetworkStack stack, Scheduler scheduler, UnixNames unixNames) {
        this.stack = stack;
        this.scheduler = scheduler;
        this.ports = new Ports(scheduler, stack.interfaces(), true);
        this.unixNames = unixNames;
    }

    void bind(DatagramEnd end, Address address) throws Refusal {
        end.bound = switch (address) {
            case IpAddress ip -> ports.bind(ip, end.options);
            case UnixAddress unix -> unixNames.bind(unix, UnixNames.Kind.DATAGRAM, end);
        };
        ends.add(end);
    }

    void close(DatagramEnd end) {
        ends.remove(end);
        switch (end.bound) {
            case IpAddress ip -> ports.unbind(ip, end.options);
            case UnixAddress unix -> unixNames.unbind(unix, UnixNames.Kind.DATAGRAM, end);
            case null -> {}
        }
        end.interrupt();
    }

    private static boolean isIp6Only(DatagramEnd end) {
        return end.options.has(SocketOption.IP6_ONLY);
    }

    /** Gives a socket its peer, or takes it. */
    void connect(DatagramEnd end, @Nullable Address peer) throws Refusal {
        switch (peer) {
            case IpAddress ip -> {
                Addresses.requireInterface(ip);
                IpAddress destination = requireDestination(end, ip,
                        ip instanceof Ip4Address ? ErrorNumber.EAFNOSUPPORT : ErrorNumber.ENETUNREACH);
                Way way = way(end, destination, ip instanceof Ip6Address ip6 ? ip6.scope() : 0);
                IpAddress source = source(end, way);
                way.requireLeaves(source);
                end.connectedFrom = source;
                end.peer = destination;
            }
            case UnixAddress unix -> connectUnix(end, requireEnd(unix));
            case null -> {
                connectUnix(end, null);
                end.peer = null;
                end.connectedFrom = null;
            }
        }
    }

    /**
     * Unix sockets are connected with each other, and not by their names: a later socket of the same name is another
     * one. What has come from a former peer is lost, as on Linux, and that peer hears of it if it has this one.
     */
    private static void connectUnix(DatagramEnd end, @Nullable DatagramEnd peer) throws Refusal {
        if (peer != null && !peer.hears(end)) {
            throw new Refusal(ErrorNumber.EPERM);
        }
        end.setUnixPeer(peer);
    }

    void setMember(DatagramEnd end, MulticastGroup group, boolean joins) throws Refusal {
        if (group.address() instanceof Ip6Address && end.bound instanceof Ip4Address) {
            throw new Refusal(ErrorNumber.ENOPROTOOPT);
        }
        int index = indexForGroups(group.interfaceIndex(), ErrorNumber.ENODEV);
        if (joins) {
            end.memberships.join(group, index);
        } else {
            end.memberships.leave(group, index);
        }
    }

    void setMulticast(DatagramEnd end, MulticastOptions options) throws Refusal {
        if (options.interfaceIndex() != 0) {
            var _ = stack.interfaces().at(options.interfaceIndex());
        }
        end.multicast = options;
    }

    private int indexForGroups(int asked, ErrorNumber whenNone) throws Refusal {
        NetworkInterface found = stack.interfaces().at(asked);
        if (found == null && asked == 0) {
            throw new Refusal(whenNone);
        }
        return found == null ? InterfaceTable.LOOPBACK_INDEX : found.index;
    }

    /** Where those wait who want to send this: for room at the receiver, or for the end of their own socket. */
    List<Watchers> watchers(DatagramEnd end, Datagram datagram) throws Refusal {
        return end.bound() instanceof UnixAddress
                ? List.of(unixReceiver(end, datagram).senders(), end.closing())
                : List.of(end.closing());
    }

    /** Sends some. How many there was room for; an error is that of the first. */
    int send(DatagramEnd end, List<Datagram> batch, int sent, Credentials sender) throws Refusal {
        int count = 0;
        try {
            while (sent + count < batch.size() && send(end, batch.get(sent + count), sender)) {
                count++;
            }
        } catch (Refusal | InternalError failed) { // the latter where the memory of a mapped file is gone
            if (count == 0) {
                throw failed;
            }
        }
        return count;
    }

    /** Whether there was room, without which a Unix socket waits. */
    private boolean send(DatagramEnd end, Datagram datagram, Credentials sender) throws Refusal {
        end.refuseIfShut();
        if (end.bound() instanceof UnixAddress) {
            if (datagram.address() == null && end.unixPeer() == null) {
                throw new Refusal(ErrorNumber.ENOTCONN);
            }
            if (datagram.length() > UNIX_MAX) {
                throw new Refusal(ErrorNumber.EMSGSIZE);
            }
            end.refuseIfPending();
            DatagramEnd receiver = unixReceiver(end, datagram);
            if (!receiver.hears(end)) {
                throw new Refusal(ErrorNumber.EPERM);
            }
            return receiver.offer(datagram.payload(), end.bound(), sender);
        }
        Address target = datagram.address() == null ? end.peer : datagram.address();
        if (target == null) {
            throw new Refusal(ErrorNumber.EDESTADDRREQ);
        }
        sendUdp(end, (IpAddress) target, datagram);
        return true;
    }

    private DatagramEnd unixReceiver(DatagramEnd end, Datagram datagram) throws Refusal {
        if (datagram.address() instanceof UnixAddress unix) {
            return requireEnd(unix);
        }
        DatagramEnd peer = end.unixPeer();
        if (peer == null) {
            throw new Refusal(ErrorNumber.ENOTCONN);
        }
        if (peer.isShut()) {
            end.setUnixPeer(null);
            throw new Refusal(ErrorNumber.ECONNREFUSED);
        }
        return peer;
    }

    private DatagramEnd requireEnd(UnixAddress address) throws Refusal {
        if (unixNames.find(address, UnixNames.Kind.DATAGRAM) instanceof DatagramEnd end) {
            return end;
        }
        throw new Refusal(ErrorNumber.EPROTOTYPE);
    }

    /**
     * The plain form of an address to which a socket may send.
     *
     * @param otherFamily the refusal where the socket is for IPv6 alone, or bound to such an address, and that is IPv4
     */
    private IpAddress requireDestination(DatagramEnd end, IpAddress address, ErrorNumber otherFamily) throws Refusal {
        IpAddress destination = Addresses.destination(address, end.place());
        boolean refused =
                destination instanceof Ip6Address ? end.place() instanceof Ip4Address : end.isIp4Mapped(address);
        if (refused) {
            throw new Refusal(ErrorNumber.EAFNOSUPPORT);
        }
        boolean isOfIp6 = isIp6Only(end) || (end.bound() instanceof Ip6Address own && !Addresses.isUnspecified(own));
        if (destination instanceof Ip4Address && isOfIp6) {
            throw new Refusal(otherFamily);
        }
        if (isToAll(destination) && !end.flags.contains(DatagramOptions.Flag.BROADCAST)) {
            throw new Refusal(ErrorNumber.EACCES);
        }
        return destination;
    }

    private boolean isToAll(IpAddress plain) {
        return plain instanceof Ip4Address ip4
                && (ip4.bits() == BROADCAST || ip4.bits() == LOOPBACK_BROADCAST
                        || stack.interfaces().toAll(ip4) != null);
    }

    private void sendUdp(DatagramEnd end, IpAddress address, Datagram datagram) throws Refusal {
        IpAddress destination = requireDestination(end, address, ErrorNumber.ENETUNREACH);
        if (datagram.length() > (destination instanceof Ip4Address ? PAYLOAD4_MAX : PAYLOAD6_MAX)) {
            throw new Refusal(ErrorNumber.EMSGSIZE);
        }
        ControlData control = datagram.controlToSend();
        int scope = address instanceof Ip6Address ip6 ? ip6.scope() : 0;
        int index = control.interfaceIndex() == 0 ? scope : control.interfaceIndex();
        Way way = way(end, destination, index);
        IpAddress source = source(end, way);
        if (control.address() != null) {
            source = requireOwn(control.address(), destination).withPort(source.port());
        }
        way.requireLeaves(source);
        int hops = destination.isMulticast() ? end.multicast.hops() : value(end, SocketOption.HOP_LIMIT, HOPS);
        int trafficClass = value(end, SocketOption.TRAFFIC_CLASS, 0);
        byte[] content = datagram.payload().toArray(ValueLayout.JAVA_BYTE);
        int segment = control.segmentSize() == 0 ? content.length : control.segmentSize();
        end.refuseIfPending();
        way.requireFits(control.segmentSize() + (destination instanceof Ip4Address ? HEADERS4 : HEADERS6));
        int from = 0;
        do {
            byte[] some = Arrays.copyOfRange(content, from, Math.min(content.length, from + segment));
            go(end, way, new Packet.Udp(source, destination, some,
                    control.timeToLive() < 0 ? hops : control.timeToLive(),
                    control.trafficClass() < 0 ? trafficClass : control.trafficClass()));
            from += segment;
        } while (from < content.length);
    }

    private static int value(DatagramEnd end, SocketOption<Integer> option, int otherwise) throws Refusal {
        return end.options.isSet(option) ? end.options.get(option) : otherwise;
    }

    private IpAddress requireOwn(IpAddress address, IpAddress destination) throws Refusal {
        IpAddress plain = Addresses.plain(address);
        if (plain instanceof Ip4Address != destination instanceof Ip4Address) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
        if (!stack.interfaces().isOwn(plain)) {
            throw new Refusal(plain instanceof Ip4Address ? ErrorNumber.ENETUNREACH : ErrorNumber.EINVAL);
        }
        return plain;
    }

    /** Where a socket sends from. */
    private static IpAddress source(DatagramEnd end, Way way) {
        IpAddress own = (IpAddress) end.bound();
        if (!Addresses.isUnspecified(own)) {
            return own;
        }
        return end.connectedFrom instanceof IpAddress from && from.getClass() == way.source.getClass()
                ? from
                : way.source.withPort(own.port());
    }

    /**
     * How a datagram goes.
     *
     * @param source the address of who has none, without a port
     * @param by the interface by which it leaves for all on its link; null if it does not
     * @param route to one other machine; null for others
     * @param here whether it comes back to this machine, or does not leave it
     * @param index of the interface by which that is so
     */
    private record Way(
            IpAddress source, @Nullable NetworkInterface by, @Nullable Route route, boolean here, int index) {
        /** Nothing leaves the machine from an address that all machines have. */
        void requireLeaves(IpAddress from) throws Refusal {
            if ((by != null || route != null) && Addresses.isLoopback(from)) {
                throw new Refusal(ErrorNumber.EINVAL);
            }
        }

        void requireFits(int bytes) throws Refusal {
            NetworkInterface used = route == null ? by : route.from();
            if (used != null && bytes > used.subnet.options().mtu()) {
                throw new Refusal(ErrorNumber.EMSGSIZE);
            }
        }
    }

    private Way way(DatagramEnd end, IpAddress destination, int asked) throws Refusal {
        InterfaceTable interfaces = stack.interfaces();
        if (destination.isMulticast()) {
            int index = indexForGroups(asked == 0 ? end.multicast.interfaceIndex() : asked, ErrorNumber.ENETUNREACH);
            NetworkInterface by = interfaces.at(index);
            return by == null
                    ? within(Addresses.loopback(destination))
                    : new Way(by.addressFor(destination), by, null, end.multicast.loop(), index);
        }
        if (destination instanceof Ip4Address ip4 && ip4.bits() == BROADCAST) {
            NetworkInterface by = interfaces.at(asked);
            if (by == null && asked == 0) {
                throw new Refusal(ErrorNumber.ENETUNREACH);
            }
            return toAll(by, destination);
        }
        if (isToAll(destination)) {
            return toAll(interfaces.toAll(destination), destination);
        }
        if (asked != 0) {
            var _ = interfaces.at(asked);
        }
        if (interfaces.isOwn(destination)) {
            return within(InterfaceTable.sourceWithin(destination));
        }
        Route route = interfaces.route(destination);
        return new Way(route.source(destination), null, route, false, route.from().index);
    }

    private static Way toAll(@Nullable NetworkInterface by, IpAddress destination) {
        return by == null
                ? within(Addresses.loopback(destination))
                : new Way(by.addressFor(destination), by, null, true, by.index);
    }

    private static Way within(IpAddress source) {
        return new Way(source, null, null, true, InterfaceTable.LOOPBACK_INDEX);
    }

    private void go(DatagramEnd end, Way way, Packet.Udp udp) {
        if (way.here()) {
            arrived(udp, way.index());
        }
        if (way.by() != null && udp.hops() > 0) {
            way.by().sendToAll(udp);
        }
        Route route = way.route();
        if (route != null) {
            route.send(udp);
            if (route.next() == null && end.flags.contains(DatagramOptions.Flag.ERRORS)) {
                scheduler.add(new Alarm(scheduler.now() + SEARCH_NANOS) {
                    @Override
                    protected void ring() {
                        failed(new Packet.Unreachable(
                                way.source(), udp, ErrorNumber.EHOSTUNREACH));
                    }
                });
            }
        }
    }

    /** A datagram comes by an interface, or does not leave the machine. */
    void arrived(Packet.Udp udp, int index) {
        IpAddress destination = udp.destination();
        if (destination.isMulticast() || isToAll(destination)) {
            boolean group = destination.isMulticast();
            List.copyOf(ends).stream()
                    .filter(end -> isAt(end, destination) && end.hears(udp.source()))
                    .filter(end -> !group || end.memberships.hears(destination, index, udp.source()))
                    .forEach(end -> offer(end, udp, index));
            return;
        }
        if (!stack.interfaces().isOwn(destination)) {
            return; // a machine takes nothing to others
        }
        DatagramEnd receiver = receiver(destination, udp.source());
        if (receiver != null) {
            offer(receiver, udp, index);
            return;
        }
        Packet.Unreachable answer =
                new Packet.Unreachable(destination.withPort(0), udp, ErrorNumber.ECONNREFUSED);
        if (stack.interfaces().isOwn(udp.source())) {
            failed(answer);
        } else {
            stack.send(answer);
        }
    }

    private void offer(DatagramEnd end, Packet.Udp udp, int index) {
        end.offer(udp, index, stack.clock().now(Clock.REAL));
    }

    private static boolean isAt(DatagramEnd end, IpAddress destination) {
        return Addresses.listenersFor(destination).contains(end.place())
                && !(isIp6Only(end) && destination instanceof Ip4Address);
    }

    /** Whoever sent a datagram hears that nobody received it. */
    void failed(Packet.Unreachable unreachable) {
        IpAddress source = unreachable.refused().source();
        for (DatagramEnd end : List.copyOf(ends)) {
            if (isAt(end, source) && end.hears(unreachable.refused().destination())) {
                end.failed(unreachable);
            }
        }
    }

    /**
     * Who gets a datagram: those that are connected to its sender first. Where several share a port, chance decides.
     */
    private @Nullable DatagramEnd receiver(IpAddress target, IpAddress from) {
        for (IpAddress place : Addresses.listenersFor(target)) {
            List<DatagramEnd> there = ends.stream()
                    .filter(end -> place.equals(end.place()) && end.hears(from))
                    .filter(end -> !(isIp6Only(end) && target instanceof Ip4Address))
                    .toList();
            List<DatagramEnd> connected = there.stream().filter(end -> end.peer != null).toList();
            List<DatagramEnd> chosen = connected.isEmpty() ? there : connected;
            if (!chosen.isEmpty()) {
                boolean spread = chosen.getFirst().options.has(SocketOption.REUSE_PORT);
                return spread && chosen.size() > 1
                        ? chosen.get(scheduler.choose(chosen.size()))
                        : chosen.getLast();
            }
        }
        return null;
    }
}
