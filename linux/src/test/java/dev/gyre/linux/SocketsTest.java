package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.bytes;
import static dev.gyre.linux.Native.intAt;
import static dev.gyre.linux.Native.ok;
import static dev.gyre.linux.Native.setInt;
import static dev.gyre.linux.Native.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.layout.Cmsghdr;
import dev.gyre.linux.layout.Iovec;
import dev.gyre.linux.layout.Mmsghdr;
import dev.gyre.linux.layout.Msghdr;
import dev.gyre.linux.layout.Sockaddr;
import dev.gyre.linux.layout.SockaddrIn;
import dev.gyre.linux.layout.SockaddrStorage;
import dev.gyre.linux.layout.SockaddrUn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls on sockets, against the loopback interface and Unix sockets. */
final class SocketsTest {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final Arena arena = Arena.ofShared();
    private final MemorySegment address = arena.allocate(SockaddrStorage.LAYOUT);
    private final MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);
    private final List<Integer> open = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        open.forEach(fd -> ok(Files.close(fd)));
        arena.close();
    }

    @Test
    void aListenerOnPort0HasARealPort() {
        int listener = listener();
        assertThat(Sockaddr.family(address)).isEqualTo(Sockets.AF_INET);
        assertThat(Sockaddr.port(address)).isPositive();
        assertThat(Sockaddr.inet4Address(address)).isEqualTo(LOOPBACK);
        assertThat(Sockets.getsockopt(listener, Sockets.SOL_SOCKET, Sockets.SO_ACCEPTCONN)).isEqualTo(1);
    }

    @Test
    @Tag("R7")
    void connectsSendsReceivesAndEnds() {
        int listener = listener();
        int client = connect();
        int server = accept(listener);
        assertThat(Sockets.send(client, bytes(arena, "request"), 7, Sockets.MSG_NOSIGNAL)).isEqualTo(7);
        MemorySegment buffer = arena.allocate(16);
        assertThat(Sockets.recv(server, buffer, 16, Sockets.MSG_PEEK)).isEqualTo(7);
        assertThat(Sockets.recv(server, buffer, 7, Sockets.MSG_WAITALL)).isEqualTo(7);
        assertThat(text(buffer, 7)).isEqualTo("request");
        assertFails(Sockets.recv(server, buffer, 16, Sockets.MSG_DONTWAIT), Errno.EAGAIN);
        ok(Sockets.shutdown(client, Sockets.SHUT_WR));
        assertThat(Sockets.recv(server, buffer, 16, 0)).as("the end").isZero();
        assertFails(Sockets.send(client, buffer, 1, Sockets.MSG_NOSIGNAL), Errno.EPIPE);
    }

    @Test
    @Tag("A1")
    void acceptReturnsThePeersAddress() {
        int listener = listener();
        int client = connect();
        setInt(length, 0, (int) address.byteSize());

        opened(Sockets.accept4(listener, address, length, Sockets.SOCK_CLOEXEC));

        assertThat(intAt(length, 0)).isEqualTo((int) SockaddrIn.SIZE);
        int peer = Sockaddr.port(address);
        setInt(length, 0, (int) address.byteSize());
        ok(Sockets.getsockname(client, address, length));
        assertThat(peer).isEqualTo(Sockaddr.port(address));
    }

    @Test
    @Tag("A1")
    void acceptCutsAnAddressThatDoesNotFitAndTellsItsTrueLength() {
        int listener = listener();
        connect();
        address.fill((byte) 0x5a);
        setInt(length, 0, 4);

        opened(Sockets.accept4(listener, address, length, Sockets.SOCK_CLOEXEC));

        assertThat(intAt(length, 0)).isEqualTo((int) SockaddrIn.SIZE);
        assertThat(Sockaddr.family(address)).isEqualTo(Sockets.AF_INET);
        assertThat(address.asSlice(4).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0x5a);
    }

    @Test
    @Tag("A1")
    void acceptTakesNoAddressAtAll() {
        int listener = listener();
        connect();
        opened(Sockets.accept4(listener, MemorySegment.NULL, MemorySegment.NULL, Sockets.SOCK_CLOEXEC));
    }

    @Test
    @Tag("A1")
    void thePeerOfAUnixSocketUsuallyHasNoName() {
        byte[] name = "\0gyre-%d".formatted(Processes.getpid()).getBytes(StandardCharsets.US_ASCII);
        int listener = opened(Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0));
        int size = Sockaddr.writeUnix(address, name);
        ok(Sockets.bind(listener, address, size));
        ok(Sockets.listen(listener, 1));
        int client = opened(Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0));
        ok(Sockets.connect(client, address, size));
        setInt(length, 0, (int) address.byteSize());

        opened(Sockets.accept4(listener, address, length, Sockets.SOCK_CLOEXEC));

        assertThat(intAt(length, 0)).isEqualTo((int) SockaddrUn.SUN_PATH);
        assertThat(Sockaddr.unixPath(address, intAt(length, 0))).isEmpty();
        setInt(length, 0, (int) address.byteSize());
        ok(Sockets.getpeername(client, address, length));
        assertThat(Sockaddr.unixPath(address, intAt(length, 0))).isEqualTo(name);
    }

    @Test
    void aUnixSocketHasAPath() {
        byte[] path = directory.resolve("s").toString().getBytes(StandardCharsets.UTF_8);
        int listener = opened(Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0));
        ok(Sockets.bind(listener, address, Sockaddr.writeUnix(address, path)));
        setInt(length, 0, (int) address.byteSize());
        ok(Sockets.getsockname(listener, address, length));
        assertThat(Sockaddr.unixPath(address, intAt(length, 0))).isEqualTo(path);
        assertThat(directory.resolve("s")).exists();
    }

    @Test
    @Tag("A2")
    @Tag("R7")
    void acceptSetsExactlyTheFlagsAskedFor() {
        int listener = listener();
        for (int flags : new int[] {
            0, Sockets.SOCK_NONBLOCK, Sockets.SOCK_CLOEXEC, Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC
        }) {
            connect();
            int server = opened(Sockets.accept4(listener, MemorySegment.NULL, MemorySegment.NULL, flags));
            assertThat((Files.fcntl(server, Files.F_GETFL, 0) & Files.O_NONBLOCK) != 0)
                    .as("O_NONBLOCK after flags %o", flags)
                    .isEqualTo((flags & Sockets.SOCK_NONBLOCK) != 0);
            assertThat((Files.fcntl(server, Files.F_GETFD, 0) & Files.FD_CLOEXEC) != 0)
                    .as("FD_CLOEXEC after flags %o", flags)
                    .isEqualTo((flags & Sockets.SOCK_CLOEXEC) != 0);
        }
    }

    @Test
    @Tag("A3")
    void acceptTellsItsErrorsApart() {
        MemorySegment none = MemorySegment.NULL;
        int listener = listener();
        ok(Files.fcntl(listener, Files.F_SETFL, Files.O_NONBLOCK));
        assertFails(Sockets.accept4(listener, none, none, 0), Errno.EAGAIN);
        assertFails(Sockets.accept4(-1, none, none, 0), Errno.EBADF);
        assertFails(Sockets.accept4(listener, none, none, 1), Errno.EINVAL);
        int idle = opened(Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0));
        assertFails(Sockets.accept4(idle, none, none, 0), Errno.EINVAL);
        int datagram = opened(Sockets.socket(Sockets.AF_INET, Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC, 0));
        assertFails(Sockets.accept4(datagram, none, none, 0), Errno.EOPNOTSUPP);
        int file = opened(Files.openat(
                Directories.AT_FDCWD, Native.path(arena, directory), Files.O_RDONLY | Files.O_CLOEXEC, 0));
        assertFails(Sockets.accept4(file, none, none, 0), Errno.ENOTSOCK);

        connect();
        setInt(length, 0, 16);
        assertFails(Sockets.accept4(listener, Native.nowhere(16), length, 0), Errno.EFAULT);
        connect();
        setInt(length, 0, -1);
        assertFails(Sockets.accept4(listener, address, length, 0), Errno.EINVAL);
    }

    @Test
    void bindAndConnectTellTheirErrorsApart() {
        int listener = listener();
        int other = opened(Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0));
        assertFails(Sockets.bind(other, address, (int) SockaddrIn.SIZE), Errno.EADDRINUSE);
        assertFails(Sockets.bind(listener, address, (int) SockaddrIn.SIZE), Errno.EINVAL);
        Sockaddr.writeInet4(address, new byte[] {(byte) 192, 0, 2, 1}, 0);
        assertFails(Sockets.bind(other, address, (int) SockaddrIn.SIZE), Errno.EADDRNOTAVAIL);
        assertFails(Sockets.socket(4711, Sockets.SOCK_STREAM, 0), Errno.EAFNOSUPPORT);
        assertFails(Sockets.getpeername(listener, address, roomFor(address)), Errno.ENOTCONN);

        int refused = listener();
        int port = Sockaddr.port(address);
        ok(Files.close(refused));
        open.removeLast();
        int size = Sockaddr.writeInet4(address, LOOPBACK, port);
        assertFails(Sockets.connect(other, address, size), Errno.ECONNREFUSED);
    }

    @Test
    void optionsAreSetAndAskedFor() {
        int socket = opened(Sockets.socket(Sockets.AF_INET6, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0));
        assertThat(Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR)).isZero();
        ok(Sockets.setsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, 1));
        assertThat(Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR)).isEqualTo(1);
        ok(Sockets.setsockopt(socket, Sockets.IPPROTO_IPV6, Sockets.IPV6_V6ONLY, 1));
        assertThat(Sockets.getsockopt(socket, Sockets.IPPROTO_IPV6, Sockets.IPV6_V6ONLY)).isEqualTo(1);
        assertThat(Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_DOMAIN)).isEqualTo(Sockets.AF_INET6);
        assertFails(Sockets.getsockopt(socket, Sockets.SOL_SOCKET, 9999), Errno.ENOPROTOOPT);
        assertFails(Sockets.setsockopt(-1, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, 1), Errno.EBADF);

        MemorySegment linger = bytes(arena, "12345678");
        setInt(linger, 0, 1);
        setInt(linger, 4, 30);
        ok(Sockets.setsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_LINGER, linger, 8));
        linger.fill((byte) 0);
        ok(Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_LINGER, linger, roomFor(linger)));
        assertThat(intAt(linger, 4)).isEqualTo(30);
    }

    @Test
    void messagesCarryAnAddressAndSeveralBuffers() {
        int receiver = datagramSocket();
        int size = ok(nameOf(receiver));
        int sender = opened(Sockets.socket(Sockets.AF_INET, Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC, 0));
        MemorySegment vectors = arena.allocate(Iovec.LAYOUT, 2);
        Iovec.set(vectors, 0, bytes(arena, "data"));
        Iovec.set(vectors, 1, bytes(arena, "gram"));
        assertThat(Sockets.sendmsg(sender, message(address, size, vectors, 2), 0)).isEqualTo(8);

        MemorySegment buffer = arena.allocate(6);
        Iovec.set(vectors, 0, buffer);
        MemorySegment from = arena.allocate(SockaddrStorage.LAYOUT);
        MemorySegment message = message(from, (int) from.byteSize(), vectors, 1);
        assertThat(Sockets.recvmsg(receiver, message, 0)).isEqualTo(6);
        assertThat(text(buffer, 6)).isEqualTo("datagr");
        assertThat(intAt(message, Msghdr.MSG_FLAGS) & Sockets.MSG_TRUNC).isEqualTo(Sockets.MSG_TRUNC);
        assertThat(intAt(message, Msghdr.MSG_NAMELEN)).isEqualTo((int) SockaddrIn.SIZE);
        assertThat(Sockaddr.inet4Address(from)).isEqualTo(LOOPBACK);
    }

    @Test
    void severalMessagesGoInOneCall() {
        int receiver = datagramSocket();
        int size = ok(nameOf(receiver));
        int sender = opened(Sockets.socket(Sockets.AF_INET, Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC, 0));
        MemorySegment vectors = arena.allocate(Iovec.LAYOUT, 3);
        MemorySegment messages = arena.allocate(Mmsghdr.LAYOUT, 3);
        for (int i = 0; i < 3; i++) {
            Iovec.set(vectors, i, bytes(arena, "x".repeat(i + 1)));
            MemorySegment one = message(address, size, vectors.asSlice(i * Iovec.SIZE, Iovec.SIZE), 1);
            MemorySegment.copy(one, 0, messages, i * Mmsghdr.SIZE, Msghdr.SIZE);
        }
        assertThat(Sockets.sendmmsg(sender, messages, 3, 0)).isEqualTo(3);
        assertThat(intAt(messages, 2 * Mmsghdr.SIZE + Mmsghdr.MSG_LEN)).isEqualTo(3);

        assertThat(Sockets.recvmmsg(receiver, messages, 3, Sockets.MSG_DONTWAIT, MemorySegment.NULL))
                .isEqualTo(3);
        assertThat(intAt(messages, Mmsghdr.SIZE + Mmsghdr.MSG_LEN)).isEqualTo(2);
        assertFails(Sockets.recvmmsg(receiver, messages, 3, Sockets.MSG_DONTWAIT, MemorySegment.NULL), Errno.EAGAIN);
    }

    @Test
    void unixSocketsHandOverDescriptors() {
        MemorySegment fds = arena.allocate(ValueLayout.JAVA_INT, 2);
        ok(Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0, fds));
        int left = opened(intAt(fds, 0));
        int right = opened(intAt(fds, 4));
        MemorySegment control = arena.allocate(Cmsghdr.space(Integer.BYTES), 8);
        control.set(ValueLayout.JAVA_LONG, Cmsghdr.CMSG_LEN, Cmsghdr.length(Integer.BYTES));
        setInt(control, Cmsghdr.CMSG_LEVEL, Sockets.SOL_SOCKET);
        setInt(control, Cmsghdr.CMSG_TYPE, Sockets.SCM_RIGHTS);
        setInt(control, Cmsghdr.SIZE, right);
        MemorySegment vectors = arena.allocate(Iovec.LAYOUT, 1);
        Iovec.set(vectors, 0, bytes(arena, "!"));
        MemorySegment message = message(MemorySegment.NULL, 0, vectors, 1);
        message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROL, control.address());
        message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROLLEN, control.byteSize());
        assertThat(Sockets.sendmsg(left, message, Sockets.MSG_NOSIGNAL)).isEqualTo(1);

        control.fill((byte) 0);
        assertThat(Sockets.recvmsg(right, message, Sockets.MSG_CMSG_CLOEXEC)).isEqualTo(1);
        int received = opened(intAt(control, Cmsghdr.SIZE));
        assertThat(received).isNotEqualTo(right);
        assertThat(Sockets.send(received, bytes(arena, "?"), 1, Sockets.MSG_NOSIGNAL)).isEqualTo(1);
        assertThat(Sockets.recv(left, arena.allocate(4), 4, 0)).isEqualTo(1);
    }

    private int listener() {
        int listener = opened(Sockets.socket(
                Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, Sockets.IPPROTO_TCP));
        ok(Sockets.bind(listener, address, Sockaddr.writeInet4(address, LOOPBACK, 0)));
        ok(Sockets.listen(listener, 16));
        nameOf(listener);
        return listener;
    }

    private int datagramSocket() {
        int socket = opened(Sockets.socket(Sockets.AF_INET, Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC, 0));
        ok(Sockets.bind(socket, address, Sockaddr.writeInet4(address, LOOPBACK, 0)));
        return socket;
    }

    /** Leaves the socket's own address in {@link #address}. */
    private int nameOf(int socket) {
        ok(Sockets.getsockname(socket, address, roomFor(address)));
        return intAt(length, 0);
    }

    private MemorySegment roomFor(MemorySegment memory) {
        setInt(length, 0, (int) memory.byteSize());
        return length;
    }

    private int connect() {
        int client = opened(Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0));
        ok(Sockets.connect(client, address, (int) SockaddrIn.SIZE));
        return client;
    }

    private int accept(int listener) {
        return opened(Sockets.accept4(listener, MemorySegment.NULL, MemorySegment.NULL, Sockets.SOCK_CLOEXEC));
    }

    private MemorySegment message(MemorySegment name, int nameLength, MemorySegment vectors, int count) {
        MemorySegment message = arena.allocate(Msghdr.LAYOUT);
        message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_NAME, name.address());
        setInt(message, Msghdr.MSG_NAMELEN, nameLength);
        message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOV, vectors.address());
        message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOVLEN, count);
        return message;
    }

    private int opened(int fd) {
        open.add(ok(fd));
        return fd;
    }
}
