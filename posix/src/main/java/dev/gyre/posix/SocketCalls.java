package dev.gyre.posix;

import dev.gyre.io.Address;
import dev.gyre.io.Direction;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What is done to sockets without ever waiting. */
public final class SocketCalls {
    private SocketCalls() {}

    /**
     * A socket that listens.
     *
     * @param fd its descriptor, closed on exec
     * @param address where it listens
     */
    public record Bound(int fd, Address address) {}

    /**
     * Makes a socket, sets its options, binds it, listens, and asks for its address (row L1).
     *
     * @param address where
     * @param options how
     * @param socketFlags {@code SOCK_NONBLOCK} or 0
     * @return the socket
     * @throws IoException with a reason of {@link Operation#LISTEN}; nothing stays open
     */
    public static Bound listen(Address address, ListenOptions options, int socketFlags) throws IoException {
        int family = SocketAddresses.family(address);
        int fd = check(Operation.LISTEN, address,
                Sockets.socket(family, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC | socketFlags, 0));
        boolean listening = false;
        try (Scratch scratch = Scratch.borrow()) {
            if (address instanceof IpAddress) {
                option(fd, address, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, options.reuseAddress());
                option(fd, address, Sockets.SOL_SOCKET, Sockets.SO_REUSEPORT, options.reusePort());
                // Accepted connections inherit it.
                option(fd, address, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, true);
            }
            MemorySegment sockaddr = scratch.allocate(SocketAddresses.CAPACITY, Long.BYTES);
            int length = SocketAddresses.write(address, sockaddr);
            bind(fd, sockaddr, length, address);
            check(Operation.LISTEN, address, Sockets.listen(fd, options.backlog()));
            Address local = name(Operation.LISTEN, address, fd, false);
            listening = true;
            return new Bound(fd, local);
        } finally {
            if (!listening) {
                Files.close(fd);
            }
        }
    }

    /**
     * Makes a socket that can be connected.
     *
     * @param address the peer's
     * @param socketFlags {@code SOCK_NONBLOCK} or 0
     * @return its descriptor, closed on exec
     * @throws IoException with a reason of {@link Operation#CONNECT}
     */
    public static int socket(Address address, int socketFlags) throws IoException {
        int fd = check(Operation.CONNECT, address, Sockets.socket(
                SocketAddresses.family(address), Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC | socketFlags, 0));
        if (address instanceof IpAddress) {
            int result = Sockets.setsockopt(fd, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, 1);
            if (result < 0) {
                Files.close(fd);
                throw Operation.CONNECT.failure(-result, address);
            }
        }
        return fd;
    }

    /**
     * The failure of a connect; {@code EADDRNOTAVAIL} means that there was no port for this end, unless the address
     * is one that nobody can be connected to.
     *
     * @param errorNumber positive
     * @param address the peer's
     * @return to be thrown
     */
    public static IoException connectFailure(int errorNumber, Address address) {
        if (errorNumber == Errno.EADDRNOTAVAIL.code() && address instanceof IpAddress ip && ip.port() != 0) {
            return Operation.CONNECT.failure(Reason.EPHEMERAL_PORTS_EXHAUSTED, address);
        }
        return Operation.CONNECT.failure(errorNumber, address);
    }

    /**
     * Ends a direction.
     *
     * @param fd a connected socket
     * @param direction which one
     * @param target whose it is, for messages
     * @throws IoException with a reason of {@link Operation#SHUTDOWN}
     */
    public static void shutdown(int fd, Direction direction, Object target) throws IoException {
        int how = switch (direction) {
            case READ -> Sockets.SHUT_RD;
            case WRITE -> Sockets.SHUT_WR;
            case BOTH -> Sockets.SHUT_RDWR;
        };
        check(Operation.SHUTDOWN, target, Sockets.shutdown(fd, how));
    }

    /**
     * Lets every operation that waits on a socket end, because it is being closed: receives see the end of the stream,
     * sends a broken pipe, accepts {@code EINVAL}.
     *
     * @param fd a socket, connected, listening or neither
     */
    public static void interrupt(int fd) {
        Sockets.shutdown(fd, Sockets.SHUT_RDWR);
    }

    /**
     * A socket's own address.
     *
     * @param operation on whose behalf
     * @param target for messages
     * @param fd a socket
     * @param peer whether the peer's address is asked for instead
     * @return the address
     * @throws IoException if the kernel does not tell
     */
    public static Address name(Operation operation, Object target, int fd, boolean peer) throws IoException {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment sockaddr = scratch.allocate(SocketAddresses.CAPACITY, Long.BYTES);
            MemorySegment length = scratch.allocate(ValueLayout.JAVA_INT);
            length.set(ValueLayout.JAVA_INT, 0, SocketAddresses.CAPACITY);
            int result = peer ? Sockets.getpeername(fd, sockaddr, length) : Sockets.getsockname(fd, sockaddr, length);
            check(operation, target, result);
            return SocketAddresses.read(sockaddr, length.get(ValueLayout.JAVA_INT, 0));
        }
    }

    private static void bind(int fd, MemorySegment sockaddr, int length, Address address) throws IoException {
        int result = Sockets.bind(fd, sockaddr, length);
        boolean anyPort = address instanceof IpAddress ip && ip.port() == 0;
        if (result == -Errno.EADDRINUSE.code() && anyPort) {
            throw Operation.LISTEN.failure(Reason.EPHEMERAL_PORTS_EXHAUSTED, address);
        }
        check(Operation.LISTEN, address, result);
    }

    private static void option(int fd, Address address, int level, int name, boolean wanted) throws IoException {
        if (wanted) {
            check(Operation.LISTEN, address, Sockets.setsockopt(fd, level, name, 1));
        }
    }

    private static int check(Operation operation, Object target, int result) throws IoException {
        if (result < 0) {
            throw operation.failure(-result, target);
        }
        return result;
    }
}
