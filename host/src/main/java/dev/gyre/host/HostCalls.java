package dev.gyre.host;

import dev.gyre.io.Address;
import dev.gyre.io.Credentials;
import dev.gyre.io.Direction;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.UnixAddress;
import dev.gyre.linux.Files;
import dev.gyre.linux.Inotify;
import dev.gyre.linux.Sockets;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.ImmediateCalls;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** The thin calls that never wait, by Linux's system calls. */
public class HostCalls implements ImmediateCalls {
    /** {@code sizeof(struct sockaddr)}. */
    private static final int UNSPECIFIED_SIZE = 16;

    private final int socketFlags;

    /**
     * The calls.
     *
     * @param socketFlags {@code SOCK_NONBLOCK} or 0, for all sockets that are made
     */
    public HostCalls(int socketFlags) {
        this.socketFlags = socketFlags;
    }

    @Override
    public final int socket(Address address, SocketType type) {
        return Sockets.socket(SocketAddresses.family(address),
                UnixSockets.typeNumber(type) | Sockets.SOCK_CLOEXEC | socketFlags, 0);
    }

    @Override
    public final Answer<Ends> socketPair(SocketType type) {
        return UnixSockets.pair(type, socketFlags);
    }

    @Override
    public final Answer<Credentials> peerCredentials(int socket) {
        return UnixSockets.peerCredentials(socket);
    }

    @Override
    public final int removeStale(UnixAddress address) {
        return UnixSockets.removeStale(address);
    }

    @Override
    public final int interfaceIndex(byte[] name) {
        return HostInterfaces.index(name);
    }

    @Override
    public final Answer<byte[]> interfaceName(int index) {
        return HostInterfaces.name(index);
    }

    /** Whether a call waits belongs to what was passed, and not to the descriptor; so the latest receiver decides. */
    @Override
    public final @Nullable Kind adopt(int descriptor) {
        Kind kind = UnixSockets.kind(descriptor);
        if (kind != null) {
            switch (kind) {
                case LISTENER, SEQPACKET_LISTENER, STREAM, SEQPACKET ->
                    Files.fcntl(descriptor, Files.F_SETFL, Files.O_RDWR | socketFlags);
                case DATAGRAM -> Files.fcntl(descriptor, Files.F_SETFL, Files.O_RDWR); // see datagramSocket
                case DIRECTORY, FILE -> {}
            }
        }
        return kind;
    }

    @Override
    public final int setOption(int socket, SocketOption.Setting<?> setting) {
        return HostOptions.set(socket, setting);
    }

    @Override
    public final <T> Answer<T> option(int socket, SocketOption<T> option) {
        return HostOptions.get(socket, option);
    }

    /**
     * Makes a socket of datagrams, which is a blocking one: socket(2). Calls on it say themselves whether they wait.
     *
     * @param address of the family that it is to have
     * @return a descriptor, closed on exec; or a negated error number
     */
    public final int datagramSocket(Address address) {
        int socket = Sockets.socket(SocketAddresses.family(address), Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC, 0);
        if (socket >= 0) {
            Multicast.hearOwnGroupsOnly(socket, address);
        }
        return socket;
    }

    @Override
    public final int bind(int socket, Address address) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment sockaddr = scratch.allocate(SocketAddresses.CAPACITY, Long.BYTES);
            return Sockets.bind(socket, sockaddr, SocketAddresses.write(address, sockaddr));
        }
    }

    @Override
    public final int listen(int socket, int backlog) {
        return Sockets.listen(socket, backlog);
    }

    @Override
    public final Answer<Address> localAddress(int socket) {
        return address(socket, Sockets::getsockname);
    }

    @Override
    public final Answer<Address> remoteAddress(int socket) {
        return address(socket, Sockets::getpeername);
    }

    @Override
    public int shutdown(Descriptor socket, Direction direction) {
        return Sockets.shutdown(socket.number(), switch (direction) {
            case READ -> Sockets.SHUT_RD;
            case WRITE -> Sockets.SHUT_WR;
            case BOTH -> Sockets.SHUT_RDWR;
        });
    }

    @Override
    public final int reset(Descriptor socket) {
        try (Scratch scratch = Scratch.borrow()) {
            // All zeros: the family is AF_UNSPEC.
            return Sockets.connect(socket.number(), scratch.allocate(UNSPECIFIED_SIZE, Long.BYTES), UNSPECIFIED_SIZE);
        }
    }

    @Override
    public final long moveTo(Descriptor file, long distance, boolean fromHere) {
        return Files.lseek(file.number(), distance, fromHere ? Files.SEEK_CUR : Files.SEEK_SET);
    }

    @Override
    public final int openWatcher() {
        return Inotify.init(Inotify.IN_CLOEXEC);
    }

    @Override
    public final int unwatch(Descriptor watcher, int watch) {
        return Inotify.removeWatch(watcher.number(), watch);
    }

    @Override
    public final void closeSocket(int socket) {
        FileCalls.close(socket);
    }

    private interface Asking {
        int ask(int socket, MemorySegment sockaddr, MemorySegment length);
    }

    private static Answer<Address> address(int socket, Asking asking) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment sockaddr = scratch.allocate(SocketAddresses.CAPACITY, Long.BYTES);
            MemorySegment length = scratch.allocate(ValueLayout.JAVA_INT);
            length.set(ValueLayout.JAVA_INT, 0, SocketAddresses.CAPACITY);
            int result = asking.ask(socket, sockaddr, length);
            return result < 0
                    ? Answer.failed(result)
                    : Answer.of(SocketAddresses.read(sockaddr, length.get(ValueLayout.JAVA_INT, 0)));
        }
    }
}
