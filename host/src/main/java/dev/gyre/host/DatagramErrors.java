package dev.gyre.host;

import dev.gyre.io.Address;
import dev.gyre.io.ControlData;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramError;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Operation;
import dev.gyre.linux.Datagrams;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Cmsghdr;
import dev.gyre.linux.layout.Iovec;
import dev.gyre.linux.layout.Msghdr;
import dev.gyre.linux.layout.SockExtendedErr;
import dev.gyre.linux.layout.Sockaddr;
import dev.gyre.posix.Answer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Errors that came back for datagrams (ip(7), IP_RECVERR). */
final class DatagramErrors {
    /** So much of what was sent is told: more than a message of ICMP has of it. */
    private static final int PAYLOAD_MAX = 2048;

    private DatagramErrors() {}

    static Answer<DatagramError> take(int socket) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment header = scratch.allocate(Msghdr.LAYOUT);
            MemorySegment vector = scratch.allocate(Iovec.LAYOUT);
            MemorySegment name = scratch.allocate(SocketAddresses.CAPACITY, Long.BYTES);
            MemorySegment control = scratch.allocate(DatagramControl.CAPACITY, Long.BYTES);
            MemorySegment payload = scratch.allocate(PAYLOAD_MAX, 1);
            Iovec.set(vector, 0, payload);
            header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_NAME, name.address());
            header.set(ValueLayout.JAVA_INT, Msghdr.MSG_NAMELEN, SocketAddresses.CAPACITY);
            header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOV, vector.address());
            header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOVLEN, 1);
            header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROL, control.address());
            header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROLLEN, control.byteSize());
            int length = (int) Sockets.recvmsg(socket, header, Sockets.MSG_ERRQUEUE | Sockets.MSG_DONTWAIT);
            if (length < 0) {
                return Answer.failed(length);
            }
            int nameLength = header.get(ValueLayout.JAVA_INT, Msghdr.MSG_NAMELEN);
            Datagram datagram =
                    new Datagram(MemorySegment.ofArray(payload.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE)));
            datagram.received(length, nameLength == 0 ? null : SocketAddresses.read(name, nameLength),
                    Set.of(Datagram.Flag.ERROR), ControlData.NONE);
            return Answer.of(read(control, header.get(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROLLEN), datagram));
        }
    }

    private static DatagramError read(MemorySegment control, long length, Datagram datagram) {
        for (long at = 0; at + Cmsghdr.SIZE <= length; at += DatagramControl.next(control, at)) {
            int level = control.get(ValueLayout.JAVA_INT, at + Cmsghdr.CMSG_LEVEL);
            int type = control.get(ValueLayout.JAVA_INT, at + Cmsghdr.CMSG_TYPE);
            boolean error = (level == Sockets.IPPROTO_IP && type == Sockets.IP_RECVERR)
                    || (level == Sockets.IPPROTO_IPV6 && type == Sockets.IPV6_RECVERR);
            if (error) {
                return read(control.asSlice(at + Cmsghdr.SIZE), datagram);
            }
        }
        throw new AssertionError("the kernel gave an error without saying which");
    }

    private static DatagramError read(MemorySegment error, Datagram datagram) {
        int number = error.get(ValueLayout.JAVA_INT, SockExtendedErr.EE_ERRNO);
        int origin = error.get(ValueLayout.JAVA_BYTE, SockExtendedErr.EE_ORIGIN);
        return new DatagramError(
                Operation.SEND.failure(number, datagram).reason(),
                number,
                switch (origin) {
                    case Datagrams.SO_EE_ORIGIN_LOCAL -> DatagramError.Origin.LOCAL;
                    case Datagrams.SO_EE_ORIGIN_ICMP, Datagrams.SO_EE_ORIGIN_ICMP6 -> DatagramError.Origin.ICMP;
                    default -> DatagramError.Origin.OTHER;
                },
                Byte.toUnsignedInt(error.get(ValueLayout.JAVA_BYTE, SockExtendedErr.EE_TYPE)),
                Byte.toUnsignedInt(error.get(ValueLayout.JAVA_BYTE, SockExtendedErr.EE_CODE)),
                error.get(ValueLayout.JAVA_INT, SockExtendedErr.EE_INFO),
                offender(error.asSlice(SockExtendedErr.SIZE)),
                datagram);
    }

    /** Its family is 0 where nobody is known. */
    private static @Nullable Address offender(MemorySegment address) {
        return Sockaddr.family(address) == Sockets.AF_UNSPEC
                ? null
                : ((IpAddress) SocketAddresses.read(address, SocketAddresses.CAPACITY)).withPort(0);
    }
}
