package dev.gyre.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Sockaddr;
import dev.gyre.ring.file.Read;
import dev.gyre.ring.file.Splice;
import dev.gyre.ring.file.Tee;
import dev.gyre.ring.socket.Accept;
import dev.gyre.ring.socket.Bind;
import dev.gyre.ring.socket.Connect;
import dev.gyre.ring.socket.Listen;
import dev.gyre.ring.socket.Message;
import dev.gyre.ring.socket.Recv;
import dev.gyre.ring.socket.RecvMsg;
import dev.gyre.ring.socket.Send;
import dev.gyre.ring.socket.SendMsg;
import dev.gyre.ring.socket.SendMsgZeroCopy;
import dev.gyre.ring.socket.SendZeroCopy;
import dev.gyre.ring.socket.Shutdown;
import dev.gyre.ring.socket.Socket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operations on sockets and pipes, each against the real kernel. */
@Tag("R8")
final class SocketOperationsTest extends RingFixture {
    @Test
    void socketsAreMadeBoundAndListenOnTheRing() throws Exception {
        needs(Listen.KIND);
        int fd = run(call -> new Socket(Sockets.AF_INET, Sockets.SOCK_STREAM, 0, call));
        assertThat(Files.fcntl(fd, Files.F_GETFD, 0)).isEqualTo(Files.FD_CLOEXEC);
        MemorySegment address = arena.allocate(128, 8);
        int length = Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, 0);
        assertThat(run(call -> new Bind(fd, address, length, call))).isZero();
        assertThat(run(call -> new Bind(fd, address, length, call))).isEqualTo(-Errno.EINVAL.code());
        assertThat(run(call -> new Listen(fd, 8, call))).isZero();

        int client = Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0);
        Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, port(fd));
        assertThat(run(call -> new Connect(client, address, length, call))).isZero();
        assertThat(run(call -> new Socket(-1, Sockets.SOCK_STREAM, 0, call))).isEqualTo(-Errno.EAFNOSUPPORT.code());
        close(client, fd);
    }

    @Test
    @Tag("A1")
    void acceptTellsThePeerAndCutsAnAddressThatDoesNotFit() throws Exception {
        int listener = listen();
        MemorySegment address = arena.allocate(128, 8);
        int length = Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, port(listener));
        for (int room : new int[] {128, 4}) {
            int client = Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0);
            assertThat(Sockets.connect(client, address, length)).isZero();
            MemorySegment peer = arena.allocate(128, 8);
            MemorySegment peerLength = arena.allocateFrom(ValueLayout.JAVA_INT, room);
            int server = run(call -> new Accept(listener, Sockets.SOCK_NONBLOCK, peer, peerLength, call));
            assertThat(peerLength.get(ValueLayout.JAVA_INT, 0)).as("the true length").isEqualTo(length);
            assertThat(Sockaddr.port(peer)).isEqualTo(port(client));
            assertThat(peer.get(ValueLayout.JAVA_BYTE, 4)).isEqualTo((byte) (room == 4 ? 0 : 127));
            assertThat(Files.fcntl(server, Files.F_GETFL, 0) & Files.O_NONBLOCK).isNotZero();
            close(server, client);
        }
        close(listener);
    }

    @Test
    void shutdownEndsOneDirection() throws Exception {
        int[] pair = socketPair();
        assertThat(run(call -> new Shutdown(pair[0], Sockets.SHUT_WR, call))).isZero();
        MemorySegment buffer = arena.allocate(8);
        assertThat(run(call -> new Recv(pair[1], buffer, call))).isZero();
        assertThat(run(call -> new Send(pair[1], bytes("still"), call))).isEqualTo(5);
        assertThat(run(call -> new Recv(pair[0], buffer, call))).isEqualTo(5);
        assertThat(run(call -> new Shutdown(pair[0], 99, call))).isEqualTo(-Errno.EINVAL.code());
        close(pair);
    }

    @Test
    void spliceMovesFromFileToSocketAndTeeDuplicates(@TempDir Path folder) throws Exception {
        int file = open(java.nio.file.Files.writeString(folder.resolve("file"), "0123456789"), Files.O_RDONLY, 0);
        int[] pipe = pipe();
        int[] copy = pipe();
        int[] pair = socketPair();
        assertThat(run(call -> new Splice(file, 3, pipe[1], -1, 100, 0, call))).isEqualTo(7);
        assertThat(run(call -> new Tee(pipe[0], copy[1], 100, 0, call))).isEqualTo(7);
        assertThat(run(call -> new Splice(pipe[0], -1, pair[0], -1, 100, 0, call))).isEqualTo(7);
        MemorySegment buffer = arena.allocate(64);
        assertThat(run(call -> new Recv(pair[1], buffer, call))).isEqualTo(7);
        assertThat(text(buffer, 7)).isEqualTo("3456789");
        assertThat(run(call -> new Read(copy[0], buffer, -1, call))).isEqualTo(7);
        assertThat(text(buffer, 7)).isEqualTo("3456789");
        assertThat(run(call -> new Splice(file, 100, pipe[1], -1, 100, 0, call))).as("the end").isZero();
        assertThat(run(call -> new Splice(file, 0, pair[0], -1, 1, 0, call))).isEqualTo(-Errno.EINVAL.code());
        close(pipe);
        close(copy);
        close(pair);
        close(file);
    }

    @Test
    void messagesCarryAddressesAndDescriptors() throws Exception {
        int one = datagramSocket();
        int two = datagramSocket();
        MemorySegment to = arena.allocate(128, 8);
        int length = Sockaddr.writeInet4(to, new byte[] {127, 0, 0, 1}, port(two));
        Message out = new Message(to.asSlice(0, length), new Vector(List.of(bytes("in "), bytes("parts"))),
                MemorySegment.NULL);
        assertThat(run(call -> new SendMsg(one, out, 0, call))).isEqualTo(8);
        MemorySegment from = arena.allocate(128, 8);
        MemorySegment buffer = arena.allocate(5);
        Message in = new Message(from, new Vector(List.of(buffer)), MemorySegment.NULL);
        assertThat(run(call -> new RecvMsg(two, in, 0, call))).isEqualTo(5);
        assertThat(in.flags() & Sockets.MSG_TRUNC).as("the message was longer").isNotZero();
        assertThat(in.addressLength()).isEqualTo(length);
        assertThat(Sockaddr.port(from)).isEqualTo(port(one));
        close(one, two);

        int[] pair = socketPair();
        MemorySegment control = arena.allocate(64, 8);
        control.set(ValueLayout.JAVA_LONG, 0, 20);
        control.set(ValueLayout.JAVA_INT, 8, Sockets.SOL_SOCKET);
        control.set(ValueLayout.JAVA_INT, 12, Sockets.SCM_RIGHTS);
        control.set(ValueLayout.JAVA_INT, 16, pair[0]);
        Message passing = new Message(MemorySegment.NULL, new Vector(List.of(bytes("x"))), control.asSlice(0, 24));
        assertThat(run(call -> new SendMsg(pair[0], passing, 0, call))).isEqualTo(1);
        MemorySegment received = arena.allocate(64, 8);
        Message passed = new Message(MemorySegment.NULL, new Vector(List.of(buffer)), received);
        assertThat(run(call -> new RecvMsg(pair[1], passed, 0, call))).isEqualTo(1);
        assertThat(passed.controlLength()).isGreaterThanOrEqualTo(20);
        int copy = received.get(ValueLayout.JAVA_INT, 16);
        assertThat(Files.fcntl(copy, Files.F_GETFD, 0)).isEqualTo(Files.FD_CLOEXEC);
        close(copy);
        close(pair);
    }

    @Test
    void zeroCopyReleasesItsBufferWithTheNotification() throws Exception {
        needs(SendMsgZeroCopy.KIND);
        int[] pair = tcpPair();
        MemorySegment data = arena.allocate(100_000).fill((byte) 5);
        List<String> calls = new ArrayList<>();
        SendZeroCopy send = new SendZeroCopy(pair[0], data, operation ->
                calls.add(operation.result() + (operation.isInFlight() ? " sent" : " released")));
        loop.submit(send);
        // The kernel keeps the pages until the peer has acknowledged them: let it read.
        MemorySegment buffer = arena.allocate(200_000);
        int got = 0;
        while (got < 100_000) {
            got += run(call -> new Recv(pair[1], buffer, call));
        }
        Loops.runUntil(loop, () -> !send.isInFlight());
        assertThat(calls).containsExactly("100000 sent", "100000 released");
        assertThat(send.copied()).as("the loopback device copies").isTrue();

        try (RegisteredBuffers registered = RegisteredBuffers.open(loop.ring(), 1, 4096)) {
            SendZeroCopy fixed = new SendZeroCopy(pair[0], registered, 0, 100, operation -> {});
            loop.submit(fixed);
            assertThat(run(call -> new Recv(pair[1], buffer, call))).isEqualTo(100);
            Loops.runUntil(loop, () -> !fixed.isInFlight());
            assertThat(fixed.result()).isEqualTo(100);
        }
        Message message = new Message(MemorySegment.NULL, new Vector(List.of(bytes("a"), bytes("b"))),
                MemorySegment.NULL);
        SendMsgZeroCopy many = new SendMsgZeroCopy(pair[0], message, operation -> {});
        loop.submit(many);
        assertThat(run(call -> new Recv(pair[1], buffer, call))).isEqualTo(2);
        Loops.runUntil(loop, () -> !many.isInFlight());
        assertThat(many.result()).isEqualTo(2);
        close(pair);
        SendZeroCopy failing = new SendZeroCopy(pair[0], data, operation -> {});
        loop.submit(failing);
        Loops.runUntil(loop, () -> !failing.isInFlight());
        assertThat(failing.result()).isEqualTo(-Errno.EBADF.code());
    }

    @Test
    @Tag("R9")
    void socketsLiveInSlots() throws Exception {
        try (FileTable table = FileTable.open(loop.ring(), 8)) {
            Socket socket = new Socket(Sockets.AF_INET, Sockets.SOCK_STREAM, 0, operation -> {});
            socket.intoSlot(5);
            assertThat(result(socket)).isZero();
            int listener = listen();
            MemorySegment address = arena.allocate(128, 8);
            int length = Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, port(listener));
            Connect connect = new Connect(5, address, length, operation -> {});
            connect.registeredFile(true);
            assertThat(result(connect)).isZero();
            Accept accept = new Accept(listener, 0, operation -> {});
            accept.intoSlot(6);
            assertThat(result(accept)).isZero();
            Send send = new Send(5, bytes("direct"), operation -> {});
            send.registeredFile(true);
            assertThat(result(send)).isEqualTo(6);
            MemorySegment buffer = arena.allocate(64);
            Recv recv = new Recv(6, buffer, operation -> {});
            recv.registeredFile(true);
            assertThat(result(recv)).isEqualTo(6);
            assertThat(text(buffer, 6)).isEqualTo("direct");
            close(listener);
            assertThat(table.slots()).isEqualTo(8);
        }
    }

    private int result(Operation operation) throws RingException {
        loop.submit(operation);
        Loops.runUntil(loop, () -> !operation.isInFlight());
        return operation.result();
    }

    private int datagramSocket() {
        int fd = Sockets.socket(Sockets.AF_INET, Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC, 0);
        MemorySegment address = arena.allocate(128, 8);
        int length = Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, 0);
        assertThat(Sockets.bind(fd, address, length)).isZero();
        return fd;
    }
}
