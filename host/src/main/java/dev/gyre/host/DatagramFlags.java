package dev.gyre.host;

import dev.gyre.io.Address;
import dev.gyre.io.DatagramOptions.Flag;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.UnixAddress;
import dev.gyre.linux.Datagrams;
import dev.gyre.linux.Sockets;
import java.util.EnumSet;
import java.util.Set;

/** What a socket of datagrams may do and is told of, as options of the kernel. */
final class DatagramFlags {
    private DatagramFlags() {}

    /**
     * An option.
     *
     * @param name6 that of {@code IPPROTO_IPV6}, where both versions of IP have one: a socket of IPv6 may be spoken to
     *     by either. Otherwise 0
     */
    private record Option(int level, int name, int name6) {
        static Option of(Flag flag) {
            return switch (flag) {
                case BROADCAST -> new Option(Sockets.SOL_SOCKET, Sockets.SO_BROADCAST, 0);
                case DESTINATION -> new Option(Sockets.IPPROTO_IP, Sockets.IP_PKTINFO, Sockets.IPV6_RECVPKTINFO);
                case TIME_TO_LIVE -> new Option(Sockets.IPPROTO_IP, Datagrams.IP_RECVTTL, Datagrams.IPV6_RECVHOPLIMIT);
                case TRAFFIC_CLASS -> new Option(Sockets.IPPROTO_IP, Datagrams.IP_RECVTOS, Datagrams.IPV6_RECVTCLASS);
                case ERRORS -> new Option(Sockets.IPPROTO_IP, Sockets.IP_RECVERR, Sockets.IPV6_RECVERR);
                case TIMESTAMP -> new Option(Sockets.SOL_SOCKET, Datagrams.SO_TIMESTAMPNS, 0);
                case COALESCE -> new Option(Sockets.IPPROTO_UDP, Datagrams.UDP_GRO, 0);
                case CREDENTIALS -> new Option(Sockets.SOL_SOCKET, Sockets.SO_PASSCRED, 0);
            };
        }

        boolean isFor6(Address family) {
            return name6 != 0 && family instanceof Ip6Address;
        }
    }

    static int set(int socket, Address family, Flag flag) {
        Option option = Option.of(flag);
        int result = Sockets.setsockopt(socket, option.level(), option.name(), 1);
        return option.isFor6(family) && result == 0
                ? Sockets.setsockopt(socket, Sockets.IPPROTO_IPV6, option.name6(), 1)
                : result;
    }

    static Set<Flag> get(int socket, Address family) {
        EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
        for (Flag flag : Flag.values()) {
            boolean isForFamily = family instanceof UnixAddress == (flag == Flag.CREDENTIALS);
            if (isForFamily && isSet(socket, family, Option.of(flag))) {
                flags.add(flag);
            }
        }
        return flags;
    }

    /** Where the kernel does not tell, as of {@code UDP_GRO} for long, it may be set, and there must be room for it. */
    private static boolean isSet(int socket, Address family, Option option) {
        return Sockets.getsockopt(socket, option.level(), option.name()) != 0
                || (option.isFor6(family)
                        && Sockets.getsockopt(socket, Sockets.IPPROTO_IPV6, option.name6()) != 0);
    }
}
