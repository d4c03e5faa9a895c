package dev.gyre.simulated.network;

import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.simulated.LinkOptions;
import dev.gyre.simulated.turns.Scheduler;
import java.util.IdentityHashMap;

/** Where a machine or a router is attached to a link. Guarded by the scheduler's lock. */
final class NetworkInterface {
    final Subnet subnet;
    final Station station;
    final String name;
    final int index;
    private final Scheduler scheduler;
    private final Ip4Address ip4;
    private final Ip6Address ip6;
    private final IdentityHashMap<NetworkInterface, Channel> channels = new IdentityHashMap<>();

    /** When everything is sent that was to be. */
    private long idleAt;

    NetworkInterface(Scheduler scheduler, Subnet subnet, Station station, String name, int index, Ip4Address ip4,
            Ip6Address ip6) {
        this.scheduler = scheduler;
        this.subnet = subnet;
        this.station = station;
        this.name = name;
        this.index = index;
        this.ip4 = ip4;
        this.ip6 = ip6;
    }

    Ip4Address ip4() {
        return ip4;
    }

    Ip6Address ip6() {
        return ip6;
    }

    /** Its address of the family of another one, without a port. */
    IpAddress addressFor(IpAddress family) {
        return switch (family) {
            case Ip4Address _ -> ip4;
            case Ip6Address _ -> ip6;
        };
    }

    /** Whether a plain address is its own. */
    boolean has(IpAddress plain) {
        return plain.withPort(0).equals(addressFor(plain));
    }

    /** Sends a packet to another interface of its link. */
    void send(Packet packet, NetworkInterface to) {
        if (transmit(packet)) {
            channel(to).carry(packet, idleAt);
        }
    }

    /** Sends a packet to all other interfaces of its link. */
    void sendToAll(Packet packet) {
        if (transmit(packet)) {
            for (NetworkInterface each : subnet.interfaces()) {
                if (each != this) {
                    channel(each).carry(packet, idleAt);
                }
            }
        }
    }

    /** Takes the time to send a packet. False if a piece of it finds no room, so that it is lost. */
    private boolean transmit(Packet packet) {
        LinkOptions options = subnet.options();
        long now = scheduler.now();
        idleAt = Math.max(idleAt, now);
        if (!packet.isDatagram()) {
            idleAt += nanosToSend(packet.bytes());
            return true;
        }
        long queuedMax = nanosToSend(options.backlogBytes());
        long left = packet.bytes();
        do {
            long time = nanosToSend(Math.min(left, options.mtu()));
            if (idleAt - now + time > queuedMax) {
                return false;
            }
            idleAt += time;
            left -= options.mtu();
        } while (left > 0);
        return true;
    }

    private long nanosToSend(long bytes) {
        return bytes * 1_000_000_000L / subnet.options().bytesPerSecond();
    }

    private Channel channel(NetworkInterface to) {
        return channels.computeIfAbsent(to, _ -> new Channel(scheduler, subnet.options(), to));
    }
}
