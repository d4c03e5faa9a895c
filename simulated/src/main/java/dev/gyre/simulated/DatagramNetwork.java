package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.ControlData;
import dev.gyre.io.Datagram;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.SocketOption;
import dev.gyre.io.UnixAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where datagrams go inside the simulated machine: none is lost but for want of room, and they keep their order. There
 * is no way out, and no multicast. Guarded by the kernel's lock.
 */
final class DatagramNetwork {
    /** What fits into a packet of IPv4 and of IPv6, less the headers; and into the send buffer of a Unix socket. */
    private static final int PAYLOAD4_MAX = 65_507;

    private static final int PAYLOAD6_MAX = 65_527;
    private static final int UNIX_MAX = 212_960;

    private static final int BROADCAST = 0xffffffff;

    private final Scheduler scheduler;
    private final Ports ports;
    private final UnixNames unixNames;
    private final List<DatagramEnd> ends = new ArrayList<>();

    DatagramNetwork(Scheduler scheduler, UnixNames unixNames) {
        this.scheduler = scheduler;
        this.ports = new Ports(scheduler, true);
        this.unixNames = unixNames;
    }

    void bind(DatagramEnd end, Address address) throws Refusal {
        end.bound = switch (address) {
            case IpAddress ip -> ports.bind(ip, end.options);
            case UnixAddress unix -> unixNames.bind(unix);
        };
        ends.add(end);
    }

    void close(DatagramEnd end) {
        ends.remove(end);
        switch (end.bound) {
            case IpAddress ip -> ports.unbind(ip, end.options);
            case UnixAddress unix -> unixNames.unbind(unix);
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
            case IpAddress ip -> end.peer = requireOwn(end, ip);
            case UnixAddress unix -> {
                requireEnd(unix);
                end.peer = unix;
            }
            case null -> end.peer = null;
        }
    }

    /** Where those wait who want to send this. */
    Watchers watchers(DatagramEnd end, Datagram datagram) throws Refusal {
        Address target = target(end, datagram);
        return target instanceof UnixAddress unix ? requireEnd(unix).senders() : end.senders();
    }

    /** Sends some. How many there was room for; an error is that of the first. */
    int send(DatagramEnd end, List<Datagram> batch, int sent) throws Refusal {
        int count = 0;
        try {
            while (sent + count < batch.size() && send(end, batch.get(sent + count))) {
                count++;
            }
        } catch (Refusal refused) {
            if (count == 0) {
                throw refused;
            }
        }
        return count;
    }

    /** Whether there was room, without which a Unix socket waits. */
    private boolean send(DatagramEnd end, Datagram datagram) throws Refusal {
        end.refuseIfPending();
        if (datagram.controlToSend() != ControlData.NONE) {
            throw new Refusal(ErrorNumber.EOPNOTSUPP);
        }
        Address target = target(end, datagram);
        int longest = switch (target) {
            case Ip4Address _ -> PAYLOAD4_MAX;
            case Ip6Address _ -> PAYLOAD6_MAX;
            case UnixAddress _ -> UNIX_MAX;
        };
        if (datagram.length() > longest) {
            throw new Refusal(ErrorNumber.EMSGSIZE);
        }
        if (target instanceof UnixAddress unix) {
            DatagramEnd receiver = requireEnd(unix);
            if (!receiver.hears(end.bound())) {
                throw new Refusal(ErrorNumber.EPERM);
            }
            return receiver.offer(datagram.payload(), end.bound());
        }
        Address from = end.local(target);
        DatagramEnd receiver = receiver((IpAddress) target, from);
        if (receiver != null) {
            receiver.offer(datagram.payload(), receiver.seen(from));
        } else if (end.peer != null) {
            end.refused();
        }
        return true;
    }

    private Address target(DatagramEnd end, Datagram datagram) throws Refusal {
        Address address = datagram.address();
        if (address instanceof IpAddress ip) {
            return requireOwn(end, ip);
        }
        Address target = address == null ? end.peer : address;
        if (target == null) {
            throw new Refusal(end.bound instanceof UnixAddress ? ErrorNumber.ENOTCONN : ErrorNumber.EDESTADDRREQ);
        }
        return target;
    }

    private static IpAddress requireOwn(DatagramEnd end, IpAddress address) throws Refusal {
        IpAddress destination = Loopback.destination(address);
        if (destination instanceof Ip6Address && end.bound instanceof Ip4Address) {
            throw new Refusal(ErrorNumber.EAFNOSUPPORT);
        }
        if (destination instanceof Ip4Address ip4) {
            if (ip4.bits() == BROADCAST && !end.broadcasts) {
                throw new Refusal(ErrorNumber.EACCES);
            }
            if (isIp6Only(end)) {
                throw new Refusal(ErrorNumber.ENETUNREACH);
            }
        }
        if (!Loopback.isOwn(destination)) {
            throw new Refusal(ErrorNumber.ENETUNREACH);
        }
        return destination;
    }

    private DatagramEnd requireEnd(UnixAddress address) throws Refusal {
        for (DatagramEnd end : ends) {
            if (address.equals(end.bound)) {
                return end;
            }
        }
        throw new Refusal(unixNames.refusal(address));
    }

    /**
     * Who gets a datagram: those that are connected to its sender first. Where several share a port, chance decides.
     */
    private @Nullable DatagramEnd receiver(IpAddress target, Address from) {
        for (IpAddress place : Loopback.listenersFor(target)) {
            List<DatagramEnd> there = ends.stream()
                    .filter(end -> place.equals(end.bound) && end.hears(from))
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
