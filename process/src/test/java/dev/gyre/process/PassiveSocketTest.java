package dev.gyre.process;

import static dev.gyre.process.SocketPair.bytes;
import static dev.gyre.process.SocketPair.pattern;
import static dev.gyre.process.SocketPair.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.Direction;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sockets that processes ask: listening, accepting, connecting, sending, receiving. */
final class PassiveSocketTest {
    private static final Timeout NOW = Timeout.after(Duration.ZERO);
    private static final Timeout SOON = Timeout.after(Duration.ofMillis(20));

    /** What a process does that has a connection. */
    private interface PairBody {
        void run(Self self, SocketPair pair) throws Exception;
    }

    private static void withPair(String backend, TcpOptions options, PairBody body) throws Exception {
        TestNode.run(backend, self -> body.run(self, SocketPair.open(self, options)));
    }

    static void assertReason(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(IoException.class, failure -> assertThat(failure.reason()).isEqualTo(reason));
    }

    @Test
    @Tag("P2")
    void optionsHaveTheirDefaults() {
        TcpListenOptions listen = TcpListenOptions.DEFAULT;
        assertThat(listen.backlog()).isEqualTo(128);
        assertThat(listen.reuseAddress()).isTrue();
        assertThat(listen.ip()).isEqualTo(Ip4Address.unspecified(0));
        assertThat(TcpOptions.DEFAULT.receiveBuffer()).isEqualTo(65_536);
        assertThat(TcpOptions.DEFAULT.active()).isEqualTo(ActiveMode.PASSIVE);
        assertThat(TcpConnectOptions.DEFAULT.timeout()).isEqualTo(Timeout.NONE);
        assertThat(UdpOptions.DEFAULT.receiveBuffer()).isEqualTo(65_536);
    }

    @Test
    @Tag("P2")
    void aBadOptionIsRefusedByItsName() {
        assertRefused("backlog -1", () -> TcpListenOptions.DEFAULT.withBacklog(-1));
        assertRefused("frameMax 0", () -> TcpOptions.DEFAULT.withFrameMax(0));
        assertRefused("receiveBuffer -5", () -> TcpOptions.DEFAULT.withReceiveBuffer(-5));
        assertRefused("receiveBuffer 0", () -> UdpOptions.DEFAULT.withReceiveBuffer(0));
        assertRefused("high watermark 0", () -> TcpOptions.DEFAULT.withSendQueue(0, 0));
        assertRefused("low watermark 9", () -> TcpOptions.DEFAULT.withReceiveQueue(8, 9));
        assertRefused("low watermark -1", () -> UdpOptions.DEFAULT.withReceiveQueue(8, -1));
        assertRefused("active: 0", () -> ActiveMode.times(0));
        assertRefused("active: 32768", () -> ActiveMode.times(32_768));
    }

    private static void assertRefused(String part, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(part);
    }

    @OnEachBackend
    @Tag("P2")
    void badArgumentsOpenNothing(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Sockets sockets = self.sockets();
            assertRefused("port -1", () -> sockets.listen(-1, TcpListenOptions.DEFAULT));
            assertRefused("port 65536", () -> sockets.listen(65_536, TcpListenOptions.DEFAULT));
            assertRefused("port 65536", () -> sockets.bind(65_536, UdpOptions.DEFAULT));
            assertRefused("port -7", () -> sockets.connect("127.0.0.1", -7, TcpConnectOptions.DEFAULT));
            SocketPair pair = SocketPair.open(self, TcpOptions.DEFAULT);
            assertRefused("length -1", () -> pair.socket().receive(-1));
            SocketPair lines = SocketPair.open(self, TcpOptions.DEFAULT.withFraming(Framing.LINE));
            assertRefused("length 3", () -> lines.socket().receive(3));
            assertThatThrownBy(() -> self.io().<Object, Exception>concurrent(
                                    () -> sockets.listen(0, TcpListenOptions.DEFAULT))
                            .await())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("on its own thread only");
        });
    }

    @OnEachBackend
    @Tag("P2")
    void listens(String backend) throws Exception {
        TestNode.run(backend, self -> {
            TcpListener listener = self.sockets().listen(0, TcpListenOptions.DEFAULT.withBacklog(0));
            assertThat(listener.localAddress()).isEqualTo(Ip4Address.unspecified(listener.port()));
            assertThat(listener.controllingProcess()).isEqualTo(self.pid());
            assertReason(Reason.ADDRESS_IN_USE, () -> self.sockets().listen(listener.port(), TcpListenOptions.DEFAULT));
            TcpSocket client = self.sockets().connect("127.0.0.1", listener.port(), TcpConnectOptions.DEFAULT);
            TcpSocket server = self.sockets().accept(listener);
            assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
            assertThat(server.option(SocketOption.NO_DELAY)).isTrue();
            server.setOption(SocketOption.NO_DELAY, false);
            assertThat(server.option(SocketOption.NO_DELAY)).isFalse();
            listener.close();
            listener.close();
            assertReason(Reason.CLOSED, () -> self.sockets().accept(listener));
            assertReason(Reason.CLOSED, () -> self.sockets().accept(listener, NOW));
            client.send(bytes("still open"));
            assertThat(text(server.receive(10))).isEqualTo("still open");
        });
    }

    @OnEachBackend
    @Tag("P3")
    void acceptTakesItsTime(String backend) throws Exception {
        TestNode.run(backend, self -> {
            TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT);
            assertReason(Reason.TIMED_OUT, () -> self.sockets().accept(listener, NOW));
            assertReason(Reason.TIMED_OUT, () -> self.sockets().accept(listener, SOON));
            Connection peer = self.own(self.io().connect(Ip4Address.loopback(listener.port())));
            TcpSocket socket = self.sockets().accept(listener, TestNode.LONG);
            assertThat(socket.remoteAddress()).isEqualTo(peer.localAddress());
            assertThat(socket.controllingProcess()).isEqualTo(self.pid());
        });
    }

    /** What comes at the very end of the time is accepted, or still there to be; descriptors are counted at the end. */
    @OnEachBackend
    @Tag("P3")
    void aConnectionThatRacesTheLimitIsNotLost(String backend) throws Exception {
        TestNode.run(backend, self -> {
            TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT);
            RandomGenerator random = self.io().random();
            for (int i = 0; i < 30; i++) {
                Task<Connection, Exception> peer = self.io().concurrent(() -> {
                    self.io().sleep(Duration.ofNanos(random.nextInt(400_000)));
                    return self.io().connect(Ip4Address.loopback(listener.port()));
                });
                TcpSocket socket;
                try {
                    socket = self.sockets().accept(listener, Timeout.after(Duration.ofNanos(300_000)));
                } catch (IoException late) {
                    assertThat(late.reason()).isEqualTo(Reason.TIMED_OUT);
                    socket = self.sockets().accept(listener, TestNode.LONG);
                }
                try (Connection connection = peer.await()) {
                    assertThat(socket.remoteAddress()).isEqualTo(connection.localAddress());
                }
                socket.close();
            }
        });
    }

    @OnEachBackend
    @Tag("P4")
    void connects(String backend) throws Exception {
        TestNode.run(backend, self -> {
            TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT);
            TcpConnectOptions from = TcpConnectOptions.DEFAULT.withLocal(Ip4Address.loopback(0));
            TcpSocket client = self.sockets().connect("127.0.0.1", listener.port(), from.withTimeout(TestNode.LONG));
            TcpSocket server = self.sockets().accept(listener);
            assertThat(client.remoteAddress()).isEqualTo(listener.localAddress());
            assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
            assertReason(Reason.TIMED_OUT, () -> self.sockets()
                    .connect("127.0.0.1", listener.port(), TcpConnectOptions.DEFAULT.withTimeout(NOW)));
            assertReason(Reason.TIMED_OUT, () -> self.sockets().accept(listener, SOON));
            int port = listener.port();
            listener.close();
            assertReason(Reason.CONNECTION_REFUSED, () -> self.sockets()
                    .connect("127.0.0.1", port, TcpConnectOptions.DEFAULT));
            assertReason(Reason.CONNECTION_REFUSED, () -> self.sockets().connect("127.0.0.1", port, from));
        });
    }

    @OnEachBackend
    @Tag("P6")
    void receivesWhatIsThereOrExactlySoMuch(String backend) throws Exception {
        withPair(backend, TcpOptions.DEFAULT, (self, pair) -> {
            pair.write("hello");
            assertThat(text(pair.socket().receive(5))).isEqualTo("hello");
            pair.write("abcdef");
            assertThat(text(pair.socket().receive(2))).isEqualTo("ab");
            assertThat(text(pair.socket().receive(0))).isEqualTo("cdef");
            assertReason(Reason.TIMED_OUT, () -> pair.socket().receive(0, NOW));
            assertReason(Reason.TIMED_OUT, () -> pair.socket().receive(1, SOON));

            byte[] much = pattern(700_000);
            Task<String, Exception> sent = self.io().concurrent(() -> {
                for (int at = 0; at < much.length; at += 7_000) {
                    pair.peer().writeAll(much, at, 7_000);
                }
                return "";
            });
            assertThat(pair.socket().receive(much.length, TestNode.LONG)).isEqualTo(much);
            sent.await();
            pair.write("after");
            assertThat(text(pair.socket().receive(5))).isEqualTo("after");
        });
    }

    @OnEachBackend
    @Tag("P6")
    void nothingIsLostWhenAReceiveEndsEarly(String backend) throws Exception {
        withPair(backend, TcpOptions.DEFAULT, (self, pair) -> {
            pair.write("one");
            assertReason(Reason.TIMED_OUT, () -> pair.socket().receive(6, SOON));
            assertThat(text(pair.socket().receive(1, NOW))).isEqualTo("o");
            pair.write("two");
            assertThat(text(pair.socket().receive(5))).isEqualTo("netwo");

            RandomGenerator random = self.io().random();
            byte[] all = pattern(3_000);
            Task<String, Exception> sent = self.io().concurrent(() -> {
                for (int at = 0; at < all.length; at += 100) {
                    self.io().sleep(Duration.ofNanos(random.nextInt(100_000)));
                    pair.peer().writeAll(all, at, 100);
                }
                return "";
            });
            List<Byte> got = new ArrayList<>();
            while (got.size() < all.length) {
                try {
                    byte[] some = pair.socket().receive(30, Timeout.after(Duration.ofNanos(50_000)));
                    for (byte each : some) {
                        got.add(each);
                    }
                } catch (IoException late) {
                    assertThat(late.reason()).isEqualTo(Reason.TIMED_OUT);
                }
            }
            sent.await();
            for (int i = 0; i < all.length; i++) {
                assertThat(got.get(i)).isEqualTo(all[i]);
            }
        });
    }

    @OnEachBackend
    @Tag("P6")
    void theEndOfTheStreamIsClosed(String backend) throws Exception {
        withPair(backend, TcpOptions.DEFAULT, (_, pair) -> {
            pair.write("abc");
            pair.peer().shutdown(Direction.WRITE);
            assertReason(Reason.CLOSED, () -> pair.socket().receive(4));
            assertThat(text(pair.socket().receive(0))).isEqualTo("abc");
            assertReason(Reason.CLOSED, () -> pair.socket().receive(0));
            // The other direction is open.
            pair.socket().send(bytes("answer"));
            assertThat(pair.read(6)).isEqualTo("answer");
            pair.socket().shutdown(Direction.WRITE);
            assertThat(pair.read(1)).isEmpty();
        });
    }

    @OnEachBackend
    @Tag("P5")
    @Tag("P6")
    void aResetIsClosed(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair read = SocketPair.open(self, TcpOptions.DEFAULT);
            read.peer().abort();
            assertReason(Reason.CLOSED, () -> read.socket().receive(0, TestNode.LONG));
            SocketPair written = SocketPair.open(self, TcpOptions.DEFAULT);
            written.peer().abort();
            assertReason(Reason.CLOSED, () -> {
                while (true) {
                    written.socket().send(new byte[1_000]);
                }
            });
            assertReason(Reason.CLOSED, () -> written.socket().send(new byte[1]));
            assertReason(Reason.CLOSED, () -> written.socket().enqueue(new byte[1]));
        });
    }

    @OnEachBackend
    @Tag("P5")
    void sendsAllToAPeerThatIsSlow(String backend) throws Exception {
        withPair(backend, TcpOptions.DEFAULT, (self, pair) -> {
            pair.socket().setOption(SocketOption.SEND_BUFFER, 8_192);
            byte[] much = pattern(3_000_000);
            Task<byte[], Exception> received = self.io().concurrent(() -> {
                self.io().sleep(Duration.ofMillis(20));
                return pair.readBytes(much.length);
            });
            pair.socket().send(new byte[0]);
            pair.socket().send(much);
            assertThat(received.await()).isEqualTo(much);
        });
    }

    @OnEachBackend
    @Tag("P7")
    void aSendThatTimesOutDoesNotCutTheStream(String backend) throws Exception {
        withPair(backend, TcpOptions.DEFAULT.withSendTimeout(SOON).withFraming(Framing.LENGTH_4), (self, pair) -> {
            byte[] message = pattern(200_000);
            int frames = 0;
            int refused = 0;
            while (refused < 2) {
                try {
                    pair.socket().send(message);
                    frames++;
                } catch (IoException late) {
                    assertThat(late.reason()).isEqualTo(Reason.TIMED_OUT);
                    // If it has begun, all of it is out in the end; as a rule, that is the first.
                    refused++;
                }
                assertThat(frames).isLessThan(1_000);
            }
            byte[] header = {0, 3, 13, 64};
            for (int i = 0; i < frames; i++) {
                assertThat(pair.readBytes(4)).isEqualTo(header);
                assertThat(pair.readBytes(message.length)).isEqualTo(message);
            }
            Task<String, Exception> end = self.io().concurrent(() -> sendAtLast(pair.socket(), bytes("end")));
            byte[] next = pair.readBytes(4);
            for (int begun = 0; begun < refused && Arrays.equals(next, header); begun++) {
                assertThat(pair.readBytes(message.length)).isEqualTo(message);
                next = pair.readBytes(4);
            }
            assertThat(next).isEqualTo(new byte[] {0, 0, 0, 3});
            assertThat(pair.read(3)).isEqualTo("end");
            assertThat(end.await()).isEqualTo("sent");
        });
    }

    private static String sendAtLast(TcpSocket socket, byte[] message) throws IoException {
        while (true) {
            try {
                socket.send(message);
                return "sent";
            } catch (IoException late) {
                assertThat(late.reason()).isEqualTo(Reason.TIMED_OUT);
            }
        }
    }

    @OnEachBackend
    @Tag("P5")
    void messagesOfSeveralSendersStayWhole(String backend) throws Exception {
        withPair(backend, TcpOptions.DEFAULT.withFraming(Framing.LINE), (self, pair) -> {
            pair.socket().setOption(SocketOption.SEND_BUFFER, 4_096);
            int senders = 4;
            int each = 20;
            for (int i = 0; i < senders; i++) {
                String line = String.valueOf((char) ('a' + i)).repeat(9_999) + "\n";
                boolean queues = i % 2 == 0;
                self.spawnLink(_ -> {
                    for (int k = 0; k < each; k++) {
                        if (queues) {
                            pair.socket().enqueue(bytes(line));
                        } else {
                            pair.socket().send(bytes(line));
                        }
                    }
                });
            }
            int[] counts = new int[senders];
            for (int i = 0; i < senders * each; i++) {
                String line = pair.read(10_000);
                assertThat(line).isEqualTo(line.substring(0, 1).repeat(9_999) + "\n");
                counts[line.charAt(0) - 'a']++;
            }
            assertThat(counts).containsOnly(each);
        });
    }

    @OnEachBackend
    @Tag("P7")
    void theQueueIsInOrderAndBounded(String backend) throws Exception {
        withPair(backend, TcpOptions.DEFAULT.withSendQueue(10_000, 2_000), (self, pair) -> {
            TcpSocket socket = pair.socket();
            socket.enqueue(bytes("a"));
            socket.enqueue(bytes("b"));
            socket.send(bytes("c"));
            socket.enqueue(bytes("d"));
            socket.flush();
            assertThat(pair.read(4)).isEqualTo("abcd");

            byte[] piece = pattern(5_000);
            int[] queued = {0};
            Task<String, Exception> sender = self.io().concurrent(() -> {
                while (true) {
                    socket.enqueue(piece);
                    queued[0]++;
                }
            });
            // The peer takes nothing: in the end nobody is let in.
            int before = -1;
            while (queued[0] != before) {
                before = queued[0];
                self.io().sleep(Duration.ofMillis(50));
            }
            assertThatThrownBy(sender::cancel).isInstanceOf(CanceledException.class);
            int all = queued[0];
            for (int i = 0; i < all; i++) {
                assertThat(pair.readBytes(piece.length)).isEqualTo(piece);
            }
            socket.enqueue(bytes("last"));
            assertThat(pair.read(4)).isEqualTo("last");
        });
    }

    @OnEachBackend
    @Tag("P7")
    void whoWaitsForTheQueueHearsOfTheEnd(String backend) throws Exception {
        withPair(backend, TcpOptions.DEFAULT.withSendQueue(1, 0), (self, pair) -> {
            Monitor sender = self.spawnMonitor(_ -> {
                while (true) {
                    pair.socket().enqueue(new byte[100_000]);
                }
            });
            self.io().sleep(Duration.ofMillis(30));
            pair.socket().close();
            assertThat(TestNode.next(self)).isInstanceOfSatisfying(Signal.Down.class, down -> {
                assertThat(down.monitor()).isEqualTo(sender);
                assertThat(down.reason()).isInstanceOfSatisfying(
                        ExitReason.Failed.class,
                        failed -> assertReason(Reason.CLOSED, () -> {
                            throw failed.cause();
                        }));
            });
        });
    }

    @OnEachBackend
    @Tag("P9")
    void closeEndsWhatIsUnderWay(String backend) throws Exception {
        withPair(backend, TcpOptions.DEFAULT, (self, pair) -> {
            Task<String, Exception> waits = self.io().concurrent(() -> {
                assertReason(Reason.CLOSED, () -> pair.socket().receive(0));
                return "closed";
            });
            self.io().sleep(Duration.ofMillis(5));
            pair.socket().close();
            pair.socket().close();
            assertThat(waits.await()).isEqualTo("closed");
            assertThat(pair.socket().isOpen()).isFalse();
            assertThat(pair.read(1)).isEmpty();
            assertReason(Reason.CLOSED, () -> pair.socket().send(new byte[1]));
            assertReason(Reason.CLOSED, () -> pair.socket().receive(0, NOW));
            assertReason(Reason.CLOSED, () -> pair.socket().setActive(ActiveMode.ONCE));
            assertReason(Reason.CLOSED, () -> pair.socket().controllingProcess(self.pid()));
            assertReason(Reason.CLOSED, () -> pair.socket().shutdown(Direction.WRITE));
        });
    }

    @OnEachBackend
    @Tag("P9")
    void theEndOfTheOwnerCloses(String backend) throws Exception {
        TestNode.run(backend, self -> {
            TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT);
            for (ExitReason how : List.of(ExitReason.KILL, ExitReason.of("bad"), ExitReason.SHUTDOWN)) {
                Monitor owner = self.spawnMonitor(one -> {
                    TcpSocket socket = one.sockets().accept(listener);
                    one.sockets().listen(0, TcpListenOptions.DEFAULT);
                    one.sockets().bind(0, UdpOptions.DEFAULT.withActive(ActiveMode.ALWAYS));
                    self.pid().send(socket);
                    socket.receive(0);
                });
                try (Connection peer = self.io().connect(Ip4Address.loopback(listener.port()))) {
                    TcpSocket socket = (TcpSocket) TestNode.next(self);
                    self.exit(owner.process(), how);
                    assertThat(peer.read(new byte[1])).isEqualTo(-1);
                    assertThat(TestNode.next(self)).isInstanceOf(Signal.Down.class);
                    assertThat(socket.isOpen()).isFalse();
                    assertReason(Reason.CLOSED, () -> socket.receive(0));
                }
            }
        });
    }

    @OnEachBackend
    @Tag("P1")
    void aMessageOrTheSocketWhicheverIsFirst(String backend) throws Exception {
        withPair(backend, TcpOptions.DEFAULT, (self, pair) -> {
            pair.write("ab");
            self.sendAfter(Duration.ofMillis(10), "message");
            assertThat(self.untilMessage(() -> pair.socket().receive(3))).isNull();
            assertThat(TestNode.next(self)).isEqualTo("message");
            pair.write("c");
            byte[] three = self.untilMessage(() -> pair.socket().receive(3));
            assertThat(three).isEqualTo(bytes("abc"));
        });
    }

    @OnEachBackend
    @Tag("P10")
    void externalIoCanBeDenied(String backend) throws Exception {
        withPair(backend, TcpOptions.DEFAULT, (self, pair) -> {
            TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT);
            UdpSocket udp = self.sockets().bind(0, UdpOptions.DEFAULT);
            TcpSocket socket = pair.socket();
            SpawnOptions denied = SpawnOptions.DEFAULT.withoutExternalIo();
            ProcessBody tries = one -> {
                for (ThrowingCallable call : List.<ThrowingCallable>of(
                        () -> one.sockets().listen(0, TcpListenOptions.DEFAULT),
                        () -> one.sockets().accept(listener, NOW),
                        () -> one.sockets().connect("127.0.0.1", 1, TcpConnectOptions.DEFAULT),
                        () -> one.sockets().bind(0, UdpOptions.DEFAULT),
                        () -> socket.send(new byte[0]),
                        () -> socket.enqueue(new byte[1]),
                        socket::flush,
                        () -> socket.receive(0, NOW),
                        () -> socket.setActive(ActiveMode.ONCE),
                        () -> socket.controllingProcess(one.pid()),
                        () -> socket.shutdown(Direction.WRITE),
                        socket::localAddress,
                        socket::remoteAddress,
                        () -> udp.send(new byte[1], udp.localAddress()),
                        () -> udp.receive(NOW))) {
                    assertThatThrownBy(call).isInstanceOf(ExternalIoDenied.class);
                }
                self.pid().send("denied");
            };
            self.spawnLink(denied, tries);
            assertThat(TestNode.next(self)).isEqualTo("denied");
            // What such a process starts is denied as well, whoever it asks to do so.
            self.spawnLink(denied, one -> one.spawnLink(tries));
            assertThat(TestNode.next(self)).isEqualTo("denied");
            self.spawnLink(denied, one -> one.node().spawn(tries));
            assertThat(TestNode.next(self)).isEqualTo("denied");

            Pid idle = self.spawn(denied, TestNode::idle);
            assertThatThrownBy(() -> socket.controllingProcess(idle)).isInstanceOf(ExternalIoDenied.class);
            assertThat(socket.controllingProcess()).isEqualTo(self.pid());
            pair.write("mine");
            assertThat(text(socket.receive(4))).isEqualTo("mine");
        });
    }

    /** A connection of another kind, which a process owns all the same. */
    @OnEachBackend
    void adoptsWhatWasMadeInAnotherWay(String backend) throws Exception {
        TestNode.run(backend, self -> {
            ConnectionPair ends = self.io().connectPair(SocketType.STREAM);
            TcpSocket one = self.sockets().adopt(ends.first(), TcpOptions.DEFAULT.withActive(ActiveMode.ONCE));
            TcpSocket two = self.sockets().adopt(ends.second(), TcpOptions.DEFAULT);
            two.send(bytes("x"));
            assertThat(TestNode.next(self)).isInstanceOfSatisfying(
                    SocketMessage.Data.class, data -> assertThat(data.text()).isEqualTo("x"));
            assertThat(one.isOpen()).isTrue();
        });
    }
}
