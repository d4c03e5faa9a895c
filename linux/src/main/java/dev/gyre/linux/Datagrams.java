package dev.gyre.linux;

/**
 * Options of datagram sockets, and the types of control data that come of them. Source: ip(7), ipv6(7), udp(7),
 * socket(7); where no first kernel is given, it is older than any that this package can run on.
 */
public final class Datagrams {
    // Of all sockets.

    /** Control data tells when a datagram arrived, as a {@code timespec}; of that type itself. */
    public static final int SO_TIMESTAMPNS = 35;

    // Of IPv4.

    /** Control data tells the type of service, as {@link Sockets#IP_TOS}, 8 bits. */
    public static final int IP_RECVTOS = 13;
    /** Control data tells the time to live, as {@link Sockets#IP_TTL}, 32 bits. */
    public static final int IP_RECVTTL = 12;
    /** The interface that multicasts leave by: an {@code ip_mreqn}. */
    public static final int IP_MULTICAST_IF = 32;
    /** How far multicasts go. */
    public static final int IP_MULTICAST_TTL = 33;
    /** Whether multicasts come back to this machine. */
    public static final int IP_MULTICAST_LOOP = 34;
    /** Whether multicasts arrive of groups that other sockets have joined. */
    public static final int IP_MULTICAST_ALL = 49;

    // Of IPv6.

    /** The interface that multicasts leave by, 32 bits. */
    public static final int IPV6_MULTICAST_IF = 17;
    /** How far multicasts go. */
    public static final int IPV6_MULTICAST_HOPS = 18;
    /** Whether multicasts come back to this machine. */
    public static final int IPV6_MULTICAST_LOOP = 19;
    /** Whether multicasts arrive of groups that other sockets have joined; from kernel 4.20. */
    public static final int IPV6_MULTICAST_ALL = 29;
    /** Control data tells the hop limit. */
    public static final int IPV6_RECVHOPLIMIT = 51;
    /** That control data, 32 bits. */
    public static final int IPV6_HOPLIMIT = 52;
    /** Control data tells the traffic class, as {@link Sockets#IPV6_TCLASS}, 32 bits. */
    public static final int IPV6_RECVTCLASS = 66;

    // Of both.

    /** Joins a group: a {@code group_req}. */
    public static final int MCAST_JOIN_GROUP = 42;
    /** Leaves a group: a {@code group_req}. */
    public static final int MCAST_LEAVE_GROUP = 45;
    /** Joins a group for one sender: a {@code group_source_req}. */
    public static final int MCAST_JOIN_SOURCE_GROUP = 46;
    /** Leaves a group for one sender: a {@code group_source_req}. */
    public static final int MCAST_LEAVE_SOURCE_GROUP = 47;

    // Of UDP.

    /** The size of the datagrams that a longer one is divided into when it is sent, 16 bits; from kernel 4.18. */
    public static final int UDP_SEGMENT = 103;
    /**
     * Datagrams that came together are received as one, and control data tells their size, 32 bits; from kernel 5.0.
     */
    public static final int UDP_GRO = 104;

    // Where an error of MSG_ERRQUEUE comes from.

    /** This machine. */
    public static final int SO_EE_ORIGIN_LOCAL = 1;
    /** ICMP. */
    public static final int SO_EE_ORIGIN_ICMP = 2;
    /** ICMPv6. */
    public static final int SO_EE_ORIGIN_ICMP6 = 3;

    private Datagrams() {}
}
