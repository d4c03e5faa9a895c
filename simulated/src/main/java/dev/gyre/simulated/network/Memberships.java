package dev.gyre.simulated.network;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.MulticastGroup;
import dev.gyre.simulated.kernel.Refusal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which groups a socket of datagrams has joined. Guarded by the kernel's lock. */
final class Memberships {
    /** So many groups of IPv4 a socket may join: {@code net.ipv4.igmp_max_memberships}. */
    private static final int IP4_MAX = 20;

    /** A group by an interface; the address is plain, with port 0. */
    private record Group(IpAddress address, int interfaceIndex) {}

    /** From whom each is heard; nobody named stands for everybody. */
    private final Map<Group, Set<IpAddress>> joined = new HashMap<>();

    /**
     * Joins; or, where the group was joined already, hears one sender more. A sender that is named by who heard
     * everybody is heard alone from then on.
     *
     * @param index of the interface, not 0
     */
    void join(MulticastGroup group, int index) throws Refusal {
        Group key = new Group(Addresses.plain(group.address()).withPort(0), index);
        IpAddress source = group.source();
        Set<IpAddress> sources = joined.get(key);
        if (sources == null) {
            if (key.address instanceof Ip4Address && countIp4() == IP4_MAX) {
                throw new Refusal(ErrorNumber.ENOBUFS);
            }
            sources = new HashSet<>();
            joined.put(key, sources);
        } else if (source == null) {
            throw new Refusal(ErrorNumber.EADDRINUSE);
        }
        if (source != null && !sources.add(Addresses.plain(source).withPort(0))) {
            throw new Refusal(ErrorNumber.EADDRNOTAVAIL);
        }
    }

    private long countIp4() {
        return joined.keySet().stream().filter(each -> each.address instanceof Ip4Address).count();
    }

    /** Hears one sender less, or leaves. */
    void leave(MulticastGroup group, int index) throws Refusal {
        Group key = new Group(Addresses.plain(group.address()).withPort(0), index);
        IpAddress source = group.source();
        Set<IpAddress> sources = joined.get(key);
        if (sources == null || (source != null && !sources.remove(Addresses.plain(source).withPort(0)))) {
            throw new Refusal(ErrorNumber.EADDRNOTAVAIL);
        }
        if (source == null || sources.isEmpty()) {
            joined.remove(key);
        }
    }

    /** Whether the socket hears what comes by an interface to a group from a sender; addresses are plain ones. */
    boolean hears(IpAddress group, int index, IpAddress sender) {
        Set<IpAddress> sources = joined.get(new Group(group.withPort(0), index));
        return sources != null && (sources.isEmpty() || sources.contains(sender.withPort(0)));
    }
}
