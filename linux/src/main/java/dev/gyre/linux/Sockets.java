package dev.gyre.linux;

import static dev.gyre.linux.Libc.INT;

import dev.gyre.linux.layout.Mmsghdr;
import dev.gyre.linux.layout.Msghdr;
import dev.gyre.linux.layout.Sockaddr;
import dev.gyre.linux.layout.Timespec;
import java.lang.foreign.MemorySegment;

/**
 * Sockets: making, connecting, sending, receiving, options.
 *
 * <p>A call answers with 0 or more, or with a negated {@link Errno}. Any thread may call. Accepting, connecting,
 * sending and receiving block the thread until they are done or a signal arrives, unless the socket has O_NONBLOCK or
 * the call has MSG_DONTWAIT. Memory is native, belongs to the caller and must stay as it is until the call returns.
 * Addresses are written and read with {@link Sockaddr}. Source: section 2 of the Linux manual pages, under the name of
 * the call, and socket(7), ip(7), ipv6(7), tcp(7), unix(7); where no first kernel is given, it is older than any that
 * this package can run on.
 */
public final class Sockets {
    // Address families.

    /** None. */
    public static final int AF_UNSPEC = 0;
    /** On this machine: unix(7). */
    public static final int AF_UNIX = 1;
    /** IPv4: ip(7). */
    public static final int AF_INET = 2;
    /** IPv6: ipv6(7). */
    public static final int AF_INET6 = 10;

    // Types, and flags that are added to them and to those of accept4(2).

    /** A stream of bytes. */
    public static final int SOCK_STREAM = 1;
    /** Datagrams. */
    public static final int SOCK_DGRAM = 2;
    /** Raw packets. */
    public static final int SOCK_RAW = 3;
    /** A stream of records. */
    public static final int SOCK_SEQPACKET = 5;
    /** Calls answer EAGAIN instead of waiting. */
    public static final int SOCK_NONBLOCK = 04000;
    /** The descriptor is closed by execve(2). */
    public static final int SOCK_CLOEXEC = 02000000;
    /** The kernel's own default limit of a backlog, which net.core.somaxconn changes; from kernel 5.4. */
    public static final int SOMAXCONN = 4096;

    // Protocols, which are also levels of options.

    /** IPv4, or any that fits the type. */
    public static final int IPPROTO_IP = 0;
    /** TCP. */
    public static final int IPPROTO_TCP = 6;
    /** UDP. */
    public static final int IPPROTO_UDP = 17;
    /** IPv6. */
    public static final int IPPROTO_IPV6 = 41;

    // Options of all sockets.

    /** The level of these options. */
    public static final int SOL_SOCKET = 1;
    /** Binds although old connections of this address linger. */
    public static final int SO_REUSEADDR = 2;
    /** Asks for the type. */
    public static final int SO_TYPE = 3;
    /** Asks for the pending error, and clears it. */
    public static final int SO_ERROR = 4;
    /** Only to hosts on the same network. */
    public static final int SO_DONTROUTE = 5;
    /** May send to broadcast addresses. */
    public static final int SO_BROADCAST = 6;
    /** The send buffer in bytes; the kernel doubles it. */
    public static final int SO_SNDBUF = 7;
    /** The receive buffer in bytes; the kernel doubles it. */
    public static final int SO_RCVBUF = 8;
    /** Probes an idle connection. */
    public static final int SO_KEEPALIVE = 9;
    /** Urgent data is read with the rest. */
    public static final int SO_OOBINLINE = 10;
    /** The priority of what is sent. */
    public static final int SO_PRIORITY = 12;
    /** Whether and how long close(2) waits. */
    public static final int SO_LINGER = 13;
    /** Several sockets share one address. */
    public static final int SO_REUSEPORT = 15;
    /** Each message says who sent it: SCM_CREDENTIALS; for Unix sockets. */
    public static final int SO_PASSCRED = 16;
    /** Asks for the credentials of who connected or listened: a Unix socket's peer. */
    public static final int SO_PEERCRED = 17;
    /** The fewest bytes that wake a receiver. */
    public static final int SO_RCVLOWAT = 18;
    /** How long a receive waits. */
    public static final int SO_RCVTIMEO = 20;
    /** How long a send waits. */
    public static final int SO_SNDTIMEO = 21;
    /** The network interface, by its name; reading it from kernel 3.8. */
    public static final int SO_BINDTODEVICE = 25;
    /** Asks whether the socket listens. */
    public static final int SO_ACCEPTCONN = 30;
    /** Asks for the protocol. */
    public static final int SO_PROTOCOL = 38;
    /** Asks for the address family. */
    public static final int SO_DOMAIN = 39;
    /** Microseconds to poll the device when nothing is there. */
    public static final int SO_BUSY_POLL = 46;
    /** The processor that handles the packets. */
    public static final int SO_INCOMING_CPU = 49;
    /** MSG_ZEROCOPY is allowed; from kernel 4.14. */
    public static final int SO_ZEROCOPY = 60;

    // Options of IP.

    /** Type of service. */
    public static final int IP_TOS = 1;
    /** Time to live. */
    public static final int IP_TTL = 2;
    /** Control data tells where a datagram was sent to. */
    public static final int IP_PKTINFO = 8;
    /** Errors are queued for MSG_ERRQUEUE. */
    public static final int IP_RECVERR = 11;
    /** Binding to port 0 leaves the choice to connect(2); from kernel 4.2. */
    public static final int IP_BIND_ADDRESS_NO_PORT = 24;
    /** Hop limit of what is sent to one. */
    public static final int IPV6_UNICAST_HOPS = 16;
    /** Errors are queued for MSG_ERRQUEUE. */
    public static final int IPV6_RECVERR = 25;
    /** No IPv4 on an IPv6 socket. */
    public static final int IPV6_V6ONLY = 26;
    /** Control data tells where a datagram was sent to. */
    public static final int IPV6_RECVPKTINFO = 49;
    /** That control data. */
    public static final int IPV6_PKTINFO = 50;
    /** Traffic class. */
    public static final int IPV6_TCLASS = 67;

    // Options of TCP.

    /** Sends small pieces at once. */
    public static final int TCP_NODELAY = 1;
    /** The largest segment. */
    public static final int TCP_MAXSEG = 2;
    /** Holds small pieces back. */
    public static final int TCP_CORK = 3;
    /** Seconds before the first probe. */
    public static final int TCP_KEEPIDLE = 4;
    /** Seconds between probes. */
    public static final int TCP_KEEPINTVL = 5;
    /** Probes before giving up. */
    public static final int TCP_KEEPCNT = 6;
    /** Seconds to wait for data before accepting. */
    public static final int TCP_DEFER_ACCEPT = 9;
    /** Asks about the connection. */
    public static final int TCP_INFO = 11;
    /** Acknowledges at once. */
    public static final int TCP_QUICKACK = 12;
    /** The algorithm of congestion control, by its name. */
    public static final int TCP_CONGESTION = 13;
    /** Milliseconds that sent data may stay unacknowledged. */
    public static final int TCP_USER_TIMEOUT = 18;
    /** Length of the queue for data in the first packet. */
    public static final int TCP_FASTOPEN = 23;
    /** Data goes out in the first packet; from kernel 4.11. */
    public static final int TCP_FASTOPEN_CONNECT = 30;

    // Flags of sending and receiving.

    /** Urgent data. */
    public static final int MSG_OOB = 0x1;
    /** Leaves the data there. */
    public static final int MSG_PEEK = 0x2;
    /** Only to hosts on the same network. */
    public static final int MSG_DONTROUTE = 0x4;
    /** Answer: control data was cut. */
    public static final int MSG_CTRUNC = 0x8;
    /** Answer: the datagram was cut. Asked for: the true length is returned. */
    public static final int MSG_TRUNC = 0x20;
    /** Answers EAGAIN instead of waiting. */
    public static final int MSG_DONTWAIT = 0x40;
    /** The end of a record. */
    public static final int MSG_EOR = 0x80;
    /** Waits until the buffer is full. */
    public static final int MSG_WAITALL = 0x100;
    /** The peer is known to be alive. */
    public static final int MSG_CONFIRM = 0x800;
    /** A queued error. */
    public static final int MSG_ERRQUEUE = 0x2000;
    /** No SIGPIPE. */
    public static final int MSG_NOSIGNAL = 0x4000;
    /** More follows. */
    public static final int MSG_MORE = 0x8000;
    /** For recvmmsg(2): waits for the first message only. */
    public static final int MSG_WAITFORONE = 0x10000;
    /** Does not copy; from kernel 4.14. */
    public static final int MSG_ZEROCOPY = 0x4000000;
    /** Data goes out in the first packet. */
    public static final int MSG_FASTOPEN = 0x20000000;
    /** Received descriptors are closed by execve(2). */
    public static final int MSG_CMSG_CLOEXEC = 0x40000000;
    /** Control data of a Unix socket: file descriptors. */
    public static final int SCM_RIGHTS = 0x01;
    /** Control data of a Unix socket: a {@code struct ucred}, see SO_PASSCRED. */
    public static final int SCM_CREDENTIALS = 0x02;
    /** Control data of a Unix socket: a pidfd of the sender, see SO_PASSPIDFD. Linux 6.5. */
    public static final int SCM_PIDFD = 0x04;

    // Directions for shutdown(2).

    /** No more receiving. */
    public static final int SHUT_RD = 0;
    /** No more sending. */
    public static final int SHUT_WR = 1;
    /** Neither. */
    public static final int SHUT_RDWR = 2;

    private Sockets() {}

    /**
     * Makes a socket: socket(2).
     *
     * @param family {@code AF_*}
     * @param type {@code SOCK_*}, perhaps with SOCK_NONBLOCK and SOCK_CLOEXEC
     * @param protocol {@code IPPROTO_*}, or 0
     * @return a descriptor that the caller owns, or negated: EACCES, EAFNOSUPPORT, EINVAL, EMFILE, ENFILE, ENOBUFS,
     *     ENOMEM, EPERM, EPROTONOSUPPORT, EPROTOTYPE, ESOCKTNOSUPPORT
     */
    public static int socket(int family, int type, int protocol) {
        return (int) Kernel.call(SystemCallNumber.SOCKET, family, type, protocol);
    }

    /**
     * Makes two sockets that are connected to each other: socketpair(2). The caller owns both descriptors.
     *
     * @param family {@code AF_UNIX}
     * @param type as for {@link #socket}
     * @param protocol 0
     * @param fds two 32-bit places, which the kernel fills in
     * @return 0, or negated: EAFNOSUPPORT, EFAULT, EMFILE, ENFILE, EOPNOTSUPP, EPROTONOSUPPORT
     */
    public static int socketpair(int family, int type, int protocol, MemorySegment fds) {
        Assert.lengthFits(2 * INT.byteSize(), fds);
        return (int) Kernel.call(SystemCallNumber.SOCKETPAIR, family, type, protocol, fds.address(), fds);
    }

    /**
     * Gives a socket its own address: bind(2).
     *
     * @param fd a socket
     * @param address a socket address
     * @param length its length in bytes
     * @return 0, or negated: EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EBADF, EFAULT, EINVAL (has one already),
     *     EIO, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, ENOTSOCK, EPERM, EROFS
     */
    public static int bind(int fd, MemorySegment address, int length) {
        Assert.lengthFits(length, address);
        return (int) Kernel.call(SystemCallNumber.BIND, fd, address.address(), length, address);
    }

    /**
     * Makes a socket accept connections: listen(2).
     *
     * @param fd a socket
     * @param backlog how many connections may wait, 0 or more; the kernel cuts it to net.core.somaxconn
     * @return 0, or negated: EADDRINUSE (also: all ephemeral ports are taken), EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP
     */
    public static int listen(int fd, int backlog) {
        return (int) Kernel.call(SystemCallNumber.LISTEN, fd, backlog);
    }

    /**
     * Takes the first waiting connection: accept4(2). Blocks until there is one, unless the listener does not.
     *
     * <p>An address that does not fit is cut, and its length then says more than there was room for; a longer one than
     * written is no error. A peer without a name, which is usual for Unix sockets, has an address of 2 bytes.
     *
     * <p>Linux also hands on what went wrong with the new connection before anybody took it; the manual page asks for
     * these to be treated like EAGAIN, by trying again: ECONNABORTED, EHOSTDOWN, EHOSTUNREACH, ENETDOWN, ENETUNREACH,
     * ENONET, ENOPROTOOPT, EOPNOTSUPP, EPROTO, and ETIMEDOUT. After EMFILE, ENFILE, ENOBUFS and ENOMEM the connection
     * is still waiting, so whoever tries again at once spins.
     *
     * @param fd a listening socket
     * @param address where the kernel writes the address of the peer, or {@link MemorySegment#NULL} if nobody asks
     * @param length 32 bits: before the call the room for the address in bytes, after it the true length;
     *     {@link MemorySegment#NULL} exactly if the address is
     * @param flags SOCK_NONBLOCK, SOCK_CLOEXEC, both or 0; nothing is inherited from the listener
     * @return a descriptor that the caller owns, or negated: EAGAIN (nobody waits, and the listener does not block, or
     *     its SO_RCVTIMEO is over), EBADF, ECONNABORTED (the peer went away), EFAULT, EINTR, EINVAL (not listening, or
     *     a negative length, or unknown flags), EMFILE (the limit of the process), ENFILE (the limit of the system),
     *     ENOBUFS, ENOMEM (no memory, or not within the limits of sockets), ENOTSOCK, EOPNOTSUPP (not a kind of socket
     *     that accepts), EPERM (a firewall or security module refused), EPROTO; and by protocol ENOSR, EPROTONOSUPPORT,
     *     ESOCKTNOSUPPORT, ETIMEDOUT. ERESTARTSYS is seen by a tracer only
     */
    public static int accept4(int fd, MemorySegment address, MemorySegment length, int flags) {
        checkAddress(address, length);
        return (int) Kernel.call(
                SystemCallNumber.ACCEPT4, fd, address.address(), length.address(), flags, address, length);
    }

    /**
     * Connects to an address: connect(2). Blocks until connected, unless the socket does not: then it answers
     * EINPROGRESS, the socket becomes writable when it is over, and SO_ERROR says how. The same holds after EINTR: the
     * attempt goes on.
     *
     * @param fd a socket
     * @param address a socket address
     * @param length its length in bytes
     * @return 0, or negated: EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN (a Unix listener is full, or no
     *     port is free), EALREADY, EBADF, ECONNREFUSED, ECONNRESET, EFAULT, EHOSTUNREACH, EINPROGRESS, EINTR, EINVAL,
     *     EISCONN, ELOOP, ENAMETOOLONG, ENETUNREACH, ENOENT, ENOTDIR, ENOTSOCK, EPERM, EPROTOTYPE, ETIMEDOUT
     */
    public static int connect(int fd, MemorySegment address, int length) {
        Assert.lengthFits(length, address);
        return (int) Kernel.call(SystemCallNumber.CONNECT, fd, address.address(), length, address);
    }

    /**
     * Asks for a socket's own address: getsockname(2).
     *
     * @param fd a socket
     * @param address where the kernel writes it
     * @param length 32 bits: before the call the room in bytes, after it the true length
     * @return 0, or negated: EBADF, EFAULT, EINVAL, ENOBUFS, ENOTSOCK
     */
    public static int getsockname(int fd, MemorySegment address, MemorySegment length) {
        checkAddress(address, length);
        return (int) Kernel.call(
                SystemCallNumber.GETSOCKNAME, fd, address.address(), length.address(), address, length);
    }

    /**
     * Asks for a socket's peer's address: getpeername(2).
     *
     * @param fd a socket
     * @param address where the kernel writes it
     * @param length 32 bits: before the call the room in bytes, after it the true length
     * @return 0, or negated: EBADF, EFAULT, EINVAL, ENOBUFS, ENOTSOCK, ENOTCONN
     */
    public static int getpeername(int fd, MemorySegment address, MemorySegment length) {
        checkAddress(address, length);
        return (int) Kernel.call(
                SystemCallNumber.GETPEERNAME, fd, address.address(), length.address(), address, length);
    }

    /**
     * Sets an option: setsockopt(2).
     *
     * @param fd a socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_*}
     * @param name {@code SO_*}, {@code IP_*}, {@code IPV6_*} or {@code TCP_*}
     * @param value what that option takes
     * @param length its length in bytes
     * @return 0, or negated: EACCES, EBADF, EDOM, EFAULT, EINVAL, EISCONN, ENOMEM, ENOPROTOOPT (no such option),
     *     ENOTSOCK, EOPNOTSUPP, EPERM
     */
    public static int setsockopt(int fd, int level, int name, MemorySegment value, int length) {
        Assert.lengthFits(length, value);
        return (int) Kernel.call(SystemCallNumber.SETSOCKOPT, fd, level, name, value.address(), length, value);
    }

    /**
     * Sets an option that is a 32-bit number: setsockopt(2).
     *
     * @param fd a socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_*}
     * @param name {@code SO_*}, {@code IP_*}, {@code IPV6_*} or {@code TCP_*}
     * @param value the number; 1 and 0 for on and off
     * @return as {@link #setsockopt(int, int, int, MemorySegment, int)}
     */
    public static int setsockopt(int fd, int level, int name, int value) {
        MemorySegment memory = SegmentPool.ARGUMENTS.borrow();
        try {
            memory.set(INT, 0, value);
            return setsockopt(fd, level, name, memory, (int) INT.byteSize());
        } finally {
            SegmentPool.ARGUMENTS.giveBack(memory);
        }
    }

    /**
     * Asks for an option: getsockopt(2).
     *
     * @param fd a socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_*}
     * @param name {@code SO_*}, {@code IP_*}, {@code IPV6_*} or {@code TCP_*}
     * @param value where the kernel writes it
     * @param length 32 bits: before the call the room in bytes, after it what was used
     * @return 0, or negated: EACCES, EBADF, EFAULT, EINVAL, ENOPROTOOPT (no such option), ENOTSOCK, EOPNOTSUPP
     */
    public static int getsockopt(int fd, int level, int name, MemorySegment value, MemorySegment length) {
        checkAddress(value, length);
        return (int) Kernel.call(
                SystemCallNumber.GETSOCKOPT, fd, level, name, value.address(), length.address(), value, length);
    }

    /**
     * Asks for an option that is a 32-bit number: getsockopt(2).
     *
     * @param fd a socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_*}
     * @param name {@code SO_*}, {@code IP_*}, {@code IPV6_*} or {@code TCP_*}
     * @return the number, unsigned, or negated errors as from {@link #getsockopt(int, int, int, MemorySegment,
     *     MemorySegment)}
     */
    public static long getsockopt(int fd, int level, int name) {
        MemorySegment memory = SegmentPool.ARGUMENTS.borrow();
        try {
            MemorySegment value = memory.asSlice(0, INT.byteSize());
            MemorySegment length = memory.asSlice(INT.byteSize(), INT.byteSize());
            value.set(INT, 0, 0);
            length.set(INT, 0, (int) INT.byteSize());
            int result = getsockopt(fd, level, name, value, length);
            return result < 0 ? result : Integer.toUnsignedLong(value.get(INT, 0));
        } finally {
            SegmentPool.ARGUMENTS.giveBack(memory);
        }
    }

    /**
     * Ends one or both directions of a connection: shutdown(2). The descriptor stays open.
     *
     * @param fd a socket
     * @param how {@code SHUT_*}
     * @return 0, or negated: EBADF, EINVAL, ENOTCONN, ENOTSOCK
     */
    public static int shutdown(int fd, int how) {
        return (int) Kernel.call(SystemCallNumber.SHUTDOWN, fd, how);
    }

    /**
     * Receives: recv(2). Blocks.
     *
     * @param fd a socket
     * @param buffer native memory to receive into
     * @param length bytes, 0 to the size of the buffer
     * @param flags {@code MSG_*}
     * @return the bytes received, 0 at the end, or negated: EAGAIN, EBADF, ECONNREFUSED, ECONNRESET, EFAULT, EINTR,
     *     EINVAL, ENOMEM, ENOTCONN, ENOTSOCK, ETIMEDOUT
     */
    public static long recv(int fd, MemorySegment buffer, long length, int flags) {
        Assert.lengthFits(length, buffer);
        return Kernel.call(SystemCallNumber.RECVFROM, fd, buffer.address(), length, flags, 0, 0, buffer);
    }

    /**
     * Sends: send(2). Blocks.
     *
     * @param fd a socket
     * @param buffer native memory to send from
     * @param length bytes, 0 to the size of the buffer
     * @param flags {@code MSG_*}; without MSG_NOSIGNAL a shut direction also raises SIGPIPE
     * @return the bytes sent, perhaps fewer, or negated: EACCES, EAGAIN, EALREADY, EBADF, ECONNREFUSED, ECONNRESET,
     *     EDESTADDRREQ, EFAULT, EHOSTUNREACH, EINTR, EINVAL, EISCONN, EMSGSIZE, ENETDOWN, ENETUNREACH, ENOBUFS, ENOMEM,
     *     ENOTCONN, ENOTSOCK, EOPNOTSUPP, EPERM, EPIPE (the direction is shut), ETIMEDOUT
     */
    public static long send(int fd, MemorySegment buffer, long length, int flags) {
        Assert.lengthFits(length, buffer);
        return Kernel.call(SystemCallNumber.SENDTO, fd, buffer.address(), length, flags, 0, 0, buffer);
    }

    /**
     * Receives with address and control data: recvmsg(2). Blocks.
     *
     * @param fd a socket
     * @param message a {@link Msghdr}
     * @param flags {@code MSG_*}
     * @return the bytes received, 0 at the end of a stream, or negated: EMSGSIZE, EAGAIN, EBADF, ECONNREFUSED,
     *     ECONNRESET, EFAULT, EINTR, EINVAL, ENOMEM, ENOTCONN, ENOTSOCK, ETIMEDOUT
     */
    public static long recvmsg(int fd, MemorySegment message, int flags) {
        Assert.lengthFits(Msghdr.SIZE, message);
        return Kernel.call(SystemCallNumber.RECVMSG, fd, message.address(), flags, message);
    }

    /**
     * Sends with address and control data: sendmsg(2). Blocks.
     *
     * @param fd a socket
     * @param message a {@link Msghdr}
     * @param flags {@code MSG_*}
     * @return the bytes sent, perhaps fewer, or negated: EACCES, EAGAIN, EALREADY, EBADF, ECONNREFUSED, ECONNRESET,
     *     EDESTADDRREQ, EFAULT, EHOSTUNREACH, EINTR, EINVAL, EISCONN, EMSGSIZE, ENETDOWN, ENETUNREACH, ENOBUFS, ENOMEM,
     *     ENOTCONN, ENOTSOCK, EOPNOTSUPP, EPERM, EPIPE (the direction is shut), ETIMEDOUT
     */
    public static long sendmsg(int fd, MemorySegment message, int flags) {
        Assert.lengthFits(Msghdr.SIZE, message);
        return Kernel.call(SystemCallNumber.SENDMSG, fd, message.address(), flags, message);
    }

    /**
     * Receives several messages: recvmmsg(2). Blocks until all are there, unless MSG_WAITFORONE. An error after the
     * first message is reported by the next call.
     *
     * @param fd a socket
     * @param messages an array of {@link Mmsghdr}, in each of which the kernel writes the bytes moved
     * @param count how many elements it has; the kernel takes at most 1,024
     * @param flags {@code MSG_*}
     * @param timeout a {@link Timespec}, or {@link MemorySegment#NULL}; looked at only after each message
     * @return the messages received, or negated: EAGAIN, EBADF, ECONNREFUSED, ECONNRESET, EFAULT, EINTR, EINVAL,
     *     ENOMEM, ENOTCONN, ENOTSOCK, ETIMEDOUT
     */
    public static int recvmmsg(int fd, MemorySegment messages, int count, int flags, MemorySegment timeout) {
        Assert.lengthFits(count * Mmsghdr.SIZE, messages);
        Assert.lengthFitsOrNull(Timespec.SIZE, timeout);
        return (int) Kernel.call(
                SystemCallNumber.RECVMMSG, fd, messages.address(), count, flags, timeout.address(), messages, timeout);
    }

    /**
     * Sends several messages: sendmmsg(2). Blocks. An error after the first message ends the batch and is not reported.
     *
     * @param fd a socket
     * @param messages an array of {@link Mmsghdr}, in each of which the kernel writes the bytes moved
     * @param count how many elements it has; the kernel takes at most 1,024
     * @param flags {@code MSG_*}
     * @return the messages sent, perhaps fewer, or negated: EACCES, EAGAIN, EALREADY, EBADF, ECONNREFUSED, ECONNRESET,
     *     EDESTADDRREQ, EFAULT, EHOSTUNREACH, EINTR, EINVAL, EISCONN, EMSGSIZE, ENETDOWN, ENETUNREACH, ENOBUFS, ENOMEM,
     *     ENOTCONN, ENOTSOCK, EOPNOTSUPP, EPERM, EPIPE (the direction is shut), ETIMEDOUT
     */
    public static int sendmmsg(int fd, MemorySegment messages, int count, int flags) {
        Assert.lengthFits(count * Mmsghdr.SIZE, messages);
        return (int) Kernel.call(SystemCallNumber.SENDMMSG, fd, messages.address(), count, flags, messages);
    }

    /** The kernel must not be told of more room than there is. */
    private static void checkAddress(MemorySegment address, MemorySegment length) {
        if (address.equals(MemorySegment.NULL)) {
            return;
        }
        int room = length.get(INT, 0);
        Assert.that(room <= address.byteSize(), "the length passed is at most the memory passed", room);
    }
}
