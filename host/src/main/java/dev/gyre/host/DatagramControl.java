package dev.gyre.host;

import dev.gyre.io.Address;
import dev.gyre.io.Clock;
import dev.gyre.io.ControlData;
import dev.gyre.io.Credentials;
import dev.gyre.io.Datagram;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Timestamp;
import dev.gyre.io.UnixAddress;
import dev.gyre.linux.Datagrams;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Cmsghdr;
import dev.gyre.linux.layout.In6Pktinfo;
import dev.gyre.linux.layout.InPktinfo;
import dev.gyre.linux.layout.Timespec;
import dev.gyre.linux.layout.Ucred;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Control data as the kernel has it (cmsg(3)). */
final class DatagramControl {
    /** Room for all that is ever asked for or sent, and for an error that came back. */
    static final int CAPACITY = 256;

    private static final ValueLayout.OfInt NETWORK_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NETWORK_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private DatagramControl() {}

    /**
     * How many bytes of room a socket needs that asks for control data. For a Unix socket they are those of credentials
     * and no more: descriptors, which anybody may pass, would come after them; without room the kernel closes them.
     */
    static int room(Address own) {
        return own instanceof UnixAddress ? (int) Cmsghdr.length(Ucred.SIZE) : CAPACITY;
    }

    /**
     * Writes what is to go with a datagram. What is for the other version of IP, the kernel does not look at: which it
     * is depends on the destination ({@code ip_cmsg_send} in net/ipv4/ip_sockglue.c).
     *
     * @param control what
     * @param ends of the socket
     * @param datagram what it goes with
     * @param to {@link #CAPACITY} bytes
     * @return how many were used
     */
    static int write(ControlData control, DatagramMessages.Ends ends, Datagram datagram, MemorySegment to) {
        int length = 0;
        boolean ip4 = isIp4(ends.destination(datagram));
        IpAddress source = control.address();
        if (source != null || control.interfaceIndex() != 0) {
            // The kernel refuses to send over IPv4 from an address of IPv6, if it is told of it.
            length += ip4 && (source == null || isIp4(source))
                    ? writeSource4(source == null ? ends.own() : source, control.interfaceIndex(), to)
                    : writeSource6(source, control.interfaceIndex(), to);
        }
        int level = ip4 ? Sockets.IPPROTO_IP : Sockets.IPPROTO_IPV6;
        if (control.timeToLive() >= 0) {
            length += writeInt(to, length, level, ip4 ? Sockets.IP_TTL : Datagrams.IPV6_HOPLIMIT,
                    control.timeToLive());
        }
        if (control.trafficClass() >= 0) {
            length += writeInt(to, length, level, ip4 ? Sockets.IP_TOS : Sockets.IPV6_TCLASS,
                    control.trafficClass());
        }
        if (control.segmentSize() > 0) {
            head(to, length, Sockets.IPPROTO_UDP, Datagrams.UDP_SEGMENT, Short.BYTES);
            to.set(ValueLayout.JAVA_SHORT, length + Cmsghdr.SIZE, (short) control.segmentSize());
            length += (int) Cmsghdr.space(Short.BYTES);
        }
        return length;
    }

    private static boolean isIp4(Address address) {
        return address instanceof Ip4Address || (address instanceof Ip6Address ip && ip.isMapped());
    }

    /** What is not said here, the kernel chooses, although the socket has an address. */
    private static int writeSource4(Address source, int interfaceIndex, MemorySegment to) {
        int bits = switch (source) {
            case Ip4Address ip -> ip.bits();
            case Ip6Address ip when ip.isMapped() -> (int) ip.low();
            case Ip6Address _, UnixAddress _ -> 0;
        };
        head(to, 0, Sockets.IPPROTO_IP, Sockets.IP_PKTINFO, (int) InPktinfo.SIZE);
        to.set(ValueLayout.JAVA_INT, Cmsghdr.SIZE + InPktinfo.IPI_IFINDEX, interfaceIndex);
        to.set(NETWORK_INT, Cmsghdr.SIZE + InPktinfo.IPI_SPEC_DST, bits);
        to.set(NETWORK_INT, Cmsghdr.SIZE + InPktinfo.IPI_ADDR, 0);
        return (int) Cmsghdr.space(InPktinfo.SIZE);
    }

    private static int writeSource6(@Nullable IpAddress source, int interfaceIndex, MemorySegment to) {
        Ip6Address address = switch (source) {
            case Ip4Address ip -> Ip6Address.mapped(ip);
            case Ip6Address ip -> ip;
            case null -> Ip6Address.unspecified(0);
        };
        head(to, 0, Sockets.IPPROTO_IPV6, Sockets.IPV6_PKTINFO, (int) In6Pktinfo.SIZE);
        to.set(NETWORK_LONG, Cmsghdr.SIZE + In6Pktinfo.IPI6_ADDR, address.high());
        to.set(NETWORK_LONG, Cmsghdr.SIZE + In6Pktinfo.IPI6_ADDR + Long.BYTES, address.low());
        to.set(ValueLayout.JAVA_INT, Cmsghdr.SIZE + In6Pktinfo.IPI6_IFINDEX, interfaceIndex);
        return (int) Cmsghdr.space(In6Pktinfo.SIZE);
    }

    private static int writeInt(MemorySegment to, int at, int level, int type, int value) {
        head(to, at, level, type, Integer.BYTES);
        to.set(ValueLayout.JAVA_INT, at + Cmsghdr.SIZE, value);
        return (int) Cmsghdr.space(Integer.BYTES);
    }

    private static void head(MemorySegment to, int at, int level, int type, int bytes) {
        to.set(ValueLayout.JAVA_LONG, at + Cmsghdr.CMSG_LEN, Cmsghdr.length(bytes));
        to.set(ValueLayout.JAVA_INT, at + Cmsghdr.CMSG_LEVEL, level);
        to.set(ValueLayout.JAVA_INT, at + Cmsghdr.CMSG_TYPE, type);
    }

    /**
     * Reads what came with a datagram.
     *
     * @param from control data
     * @param length its length
     * @return the same object again and again where nothing came
     */
    static ControlData read(MemorySegment from, long length) {
        if (length < Cmsghdr.SIZE) {
            return ControlData.NONE;
        }
        Reader reader = new Reader();
        for (long at = 0; at + Cmsghdr.SIZE <= length; at += next(from, at)) {
            reader.take(from, at, at + Cmsghdr.SIZE);
        }
        return new ControlData(reader.address, reader.interfaceIndex, reader.timeToLive, reader.trafficClass,
                reader.segmentSize, reader.timestamp, reader.credentials);
    }

    /** How far the next piece is. */
    static long next(MemorySegment from, long at) {
        return Cmsghdr.space(from.get(ValueLayout.JAVA_LONG, at + Cmsghdr.CMSG_LEN) - Cmsghdr.SIZE);
    }

    private static final class Reader {
        @Nullable IpAddress address;
        int interfaceIndex;
        int timeToLive = -1;
        int trafficClass = -1;
        int segmentSize;
        @Nullable Timestamp timestamp;
        @Nullable Credentials credentials;

        void take(MemorySegment from, long head, long data) {
            int level = from.get(ValueLayout.JAVA_INT, head + Cmsghdr.CMSG_LEVEL);
            int type = from.get(ValueLayout.JAVA_INT, head + Cmsghdr.CMSG_TYPE);
            if (level == Sockets.IPPROTO_IP) {
                take4(type, from, data);
            } else if (level == Sockets.IPPROTO_IPV6) {
                take6(type, from, data);
            } else if (level == Sockets.SOL_SOCKET) {
                takeOfAny(type, from, data);
            } else if (level == Sockets.IPPROTO_UDP && type == Datagrams.UDP_GRO) {
                segmentSize = from.get(ValueLayout.JAVA_INT, data);
            }
        }

        private void takeOfAny(int type, MemorySegment from, long data) {
            switch (type) {
                case Datagrams.SO_TIMESTAMPNS ->
                    timestamp = new Timestamp(Clock.REAL, Timespec.get(from.asSlice(data, Timespec.SIZE)));
                case Sockets.SCM_CREDENTIALS -> credentials = UnixSockets.credentials(from, data);
                default -> {} // of an option that was not asked for
            }
        }

        private void take4(int type, MemorySegment from, long data) {
            switch (type) {
                case Sockets.IP_PKTINFO -> {
                    if (address == null) { // a socket of IPv6 is told twice, and the other one is as it sees it
                        address = new Ip4Address(from.get(NETWORK_INT, data + InPktinfo.IPI_ADDR), 0);
                    }
                    interfaceIndex = from.get(ValueLayout.JAVA_INT, data + InPktinfo.IPI_IFINDEX);
                }
                case Sockets.IP_TTL -> timeToLive = from.get(ValueLayout.JAVA_INT, data);
                case Sockets.IP_TOS -> trafficClass = Byte.toUnsignedInt(from.get(ValueLayout.JAVA_BYTE, data));
                default -> {} // of an option that was not asked for
            }
        }

        private void take6(int type, MemorySegment from, long data) {
            switch (type) {
                case Sockets.IPV6_PKTINFO -> {
                    interfaceIndex = from.get(ValueLayout.JAVA_INT, data + In6Pktinfo.IPI6_IFINDEX);
                    address = new Ip6Address(
                            from.get(NETWORK_LONG, data + In6Pktinfo.IPI6_ADDR),
                            from.get(NETWORK_LONG, data + In6Pktinfo.IPI6_ADDR + Long.BYTES), 0);
                }
                case Datagrams.IPV6_HOPLIMIT -> timeToLive = from.get(ValueLayout.JAVA_INT, data);
                case Sockets.IPV6_TCLASS -> trafficClass = from.get(ValueLayout.JAVA_INT, data);
                default -> {} // of an option that was not asked for
            }
        }
    }
}
