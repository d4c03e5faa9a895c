package dev.gyre.host;

import dev.gyre.io.Address;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.MulticastGroup;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.UnixAddress;
import dev.gyre.linux.Datagrams;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.GroupReq;
import dev.gyre.linux.layout.GroupSourceReq;
import dev.gyre.linux.layout.IpMreqn;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Options of sockets that send to many, and receive what is sent to many. */
final class Multicast {
    private Multicast() {}

    static int setMember(int socket, MulticastGroup group, boolean joins) {
        int level = group.address() instanceof Ip4Address ? Sockets.IPPROTO_IP : Sockets.IPPROTO_IPV6;
        IpAddress source = group.source();
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment request = scratch.allocate(GroupSourceReq.LAYOUT);
            request.set(ValueLayout.JAVA_INT, GroupReq.GR_INTERFACE, group.interfaceIndex());
            SocketAddresses.write(group.address(), request.asSlice(GroupReq.GR_GROUP));
            if (source == null) {
                return Sockets.setsockopt(socket, level,
                        joins ? Datagrams.MCAST_JOIN_GROUP : Datagrams.MCAST_LEAVE_GROUP, request,
                        (int) GroupReq.SIZE);
            }
            SocketAddresses.write(source, request.asSlice(GroupSourceReq.GSR_SOURCE));
            return Sockets.setsockopt(socket, level,
                    joins ? Datagrams.MCAST_JOIN_SOURCE_GROUP : Datagrams.MCAST_LEAVE_SOURCE_GROUP, request,
                    (int) GroupSourceReq.SIZE);
        }
    }

    /** A socket of IPv6 sends to groups of IPv4, too. */
    static int set(int socket, Address family, MulticastOptions options) {
        int result = set4(socket, options);
        return result == 0 && family instanceof Ip6Address ? set6(socket, options) : result;
    }

    private static int set4(int socket, MulticastOptions options) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment request = scratch.allocate(IpMreqn.LAYOUT);
            request.set(ValueLayout.JAVA_INT, IpMreqn.IMR_IFINDEX, options.interfaceIndex());
            return firstFailure(
                    Sockets.setsockopt(
                            socket, Sockets.IPPROTO_IP, Datagrams.IP_MULTICAST_IF, request, (int) IpMreqn.SIZE),
                    Sockets.setsockopt(socket, Sockets.IPPROTO_IP, Datagrams.IP_MULTICAST_TTL, options.hops()),
                    Sockets.setsockopt(
                            socket, Sockets.IPPROTO_IP, Datagrams.IP_MULTICAST_LOOP, options.loop() ? 1 : 0));
        }
    }

    private static int set6(int socket, MulticastOptions options) {
        return firstFailure(
                Sockets.setsockopt(
                        socket, Sockets.IPPROTO_IPV6, Datagrams.IPV6_MULTICAST_IF, options.interfaceIndex()),
                Sockets.setsockopt(socket, Sockets.IPPROTO_IPV6, Datagrams.IPV6_MULTICAST_HOPS, options.hops()),
                Sockets.setsockopt(
                        socket, Sockets.IPPROTO_IPV6, Datagrams.IPV6_MULTICAST_LOOP, options.loop() ? 1 : 0));
    }

    /** Has a socket hear of the groups alone that it has joined itself. */
    static void hearOwnGroupsOnly(int socket, Address family) {
        switch (family) {
            case Ip4Address _ -> Sockets.setsockopt(socket, Sockets.IPPROTO_IP, Datagrams.IP_MULTICAST_ALL, 0);
            case Ip6Address _ -> {
                Sockets.setsockopt(socket, Sockets.IPPROTO_IP, Datagrams.IP_MULTICAST_ALL, 0);
                Sockets.setsockopt(socket, Sockets.IPPROTO_IPV6, Datagrams.IPV6_MULTICAST_ALL, 0);
            }
            case UnixAddress _ -> {}
        }
    }

    private static int firstFailure(int... results) {
        for (int result : results) {
            if (result < 0) {
                return result;
            }
        }
        return 0;
    }
}
