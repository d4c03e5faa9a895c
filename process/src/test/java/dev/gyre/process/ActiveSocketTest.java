package dev.gyre.process;

import static dev.gyre.process.PassiveSocketTest.assertReason;
import static dev.gyre.process.SocketPair.bytes;
import static dev.gyre.process.SocketPair.pattern;
import static dev.gyre.process.SocketPair.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.process.SocketMessage.Closed;
import dev.gyre.process.SocketMessage.Data;
import dev.gyre.process.SocketMessage.Packet;
import dev.gyre.process.SocketMessage.Passive;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;

/** Sockets whose owners have what arrives come as messages. */
@Tag("P7")
final class ActiveSocketTest {
    private static final TcpOptions ONCE = TcpOptions.DEFAULT.withActive(ActiveMode.ONCE);
    private static final TcpOptions ALWAYS = TcpOptions.DEFAULT.withActive(ActiveMode.ALWAYS);
    private static final TcpOptions BYTES = ALWAYS.withFraming(Framing.LENGTH_1);

    private static String data(Self self, TcpSocket socket) {
        Object message = TestNode.next(self);
        assertThat(message).isInstanceOfSatisfying(Data.class, data -> assertThat(data.socket()).isSameAs(socket));
        return ((Data) message).text();
    }

    private static void assertError(Self self, ActiveSocket socket, Reason reason) {
        assertThat(TestNode.next(self)).isInstanceOfSatisfying(SocketMessage.Failed.class, error -> {
            assertThat(error.socket()).isSameAs(socket);
            assertReason(reason, () -> {
                throw error.cause();
            });
        });
    }

    @OnEachBackend
    void onceIsOneMessage(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair pair = SocketPair.open(self, ONCE);
            TcpSocket socket = pair.socket();
            assertThat(socket.active()).isEqualTo(ActiveMode.ONCE);
            pair.write("one");
            assertThat(data(self, socket)).isEqualTo("one");
            assertThat(socket.active()).isEqualTo(ActiveMode.PASSIVE);
            pair.write("two");
            TestNode.assertNothingComes(self);
            socket.setActive(ActiveMode.ONCE);
            assertThat(data(self, socket)).isEqualTo("two");
            for (int i = 0; i < 3; i++) {
                socket.setActive(ActiveMode.ONCE);
            }
            pair.write("three");
            assertThat(data(self, socket)).isEqualTo("three");
            pair.write("four");
            TestNode.assertNothingComes(self);
            assertThat(text(socket.receive(4))).isEqualTo("four");
        });
    }

    /** A second {@code once} while the first waits begins no second read: bytes neither come twice nor out of order. */
    @OnEachBackend
    void onceAgainIsOnceAndInOrder(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair pair = SocketPair.open(self, ONCE);
            byte[] all = pattern(5_000);
            Task<String, Exception> sent = self.io().concurrent(() -> {
                for (int at = 0; at < all.length; at += 100) {
                    pair.peer().writeAll(all, at, 100);
                    self.io().sleep(Duration.ofNanos(20_000));
                }
                return "";
            });
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            while (got.size() < all.length) {
                pair.socket().setActive(ActiveMode.ONCE);
                pair.socket().setActive(ActiveMode.ONCE);
                got.writeBytes(((Data) TestNode.next(self)).bytes());
            }
            assertThat(got.toByteArray()).isEqualTo(all);
            sent.await();
            TestNode.assertNothingComes(self);
        });
    }

    @OnEachBackend
    void someMessagesAndThenPassive(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair pair = SocketPair.open(self, TcpOptions.DEFAULT.withFraming(Framing.LINE));
            TcpSocket socket = pair.socket();
            socket.setActive(ActiveMode.times(1));
            socket.setActive(ActiveMode.times(2));
            assertThat(socket.active()).isEqualTo(ActiveMode.times(3));
            assertThatThrownBy(() -> socket.setActive(ActiveMode.times(ActiveMode.TIMES_MAX)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the 3 that are left");
            pair.write("a\nb\nc\nd\n");
            assertThat(data(self, socket)).isEqualTo("a\n");
            assertThat(data(self, socket)).isEqualTo("b\n");
            assertThat(data(self, socket)).isEqualTo("c\n");
            assertThat(TestNode.next(self)).isEqualTo(new Passive(socket));
            TestNode.assertNothingComes(self);
            assertThat(text(socket.receive(0, Timeout.after(Duration.ZERO)))).isEqualTo("d\n");
            socket.setActive(ActiveMode.times(2));
            socket.setActive(ActiveMode.PASSIVE);
            pair.write("e\n");
            TestNode.assertNothingComes(self);
            assertThat(text(socket.receive(0))).isEqualTo("e\n");
        });
    }

    @OnEachBackend
    void passiveAfterActiveLosesNothing(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair pair = SocketPair.open(self, ALWAYS);
            TcpSocket socket = pair.socket();
            RandomGenerator random = self.io().random();
            byte[] all = pattern(6_000);
            Task<String, Exception> sent = self.io().concurrent(() -> {
                for (int at = 0; at < all.length; at += 50) {
                    pair.peer().writeAll(all, at, 50);
                    if (random.nextInt(4) == 0) {
                        self.io().sleep(Duration.ofNanos(30_000));
                    }
                }
                return "";
            });
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            while (got.size() < all.length) {
                socket.setActive(switch (random.nextInt(3)) {
                    case 0 -> ActiveMode.ALWAYS;
                    case 1 -> ActiveMode.ONCE;
                    default -> ActiveMode.times(2);
                });
                if (random.nextBoolean()
                        && self.receive(Timeout.after(Duration.ofNanos(40_000))) instanceof Data data) {
                    got.writeBytes(data.bytes());
                }
                socket.setActive(ActiveMode.PASSIVE);
                // What came before is in the mailbox, and nothing more comes.
                for (Object left = self.receive(Timeout.after(Duration.ZERO));
                        left != null;
                        left = self.receive(Timeout.after(Duration.ZERO))) {
                    if (left instanceof Data data) {
                        got.writeBytes(data.bytes());
                    }
                }
                if (got.size() < all.length && random.nextBoolean()) {
                    got.writeBytes(socket.receive(1));
                }
            }
            assertThat(got.toByteArray()).isEqualTo(all);
            sent.await();
        });
    }

    @OnEachBackend
    void whatIsActiveIsNotAsked(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair pair = SocketPair.open(self, ALWAYS);
            assertThatThrownBy(() -> pair.socket().receive(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("setActive(ActiveMode.PASSIVE)");
            UdpSocket udp = self.sockets().bind(0, UdpOptions.DEFAULT.withActive(ActiveMode.ONCE));
            assertThatThrownBy(udp::receive).isInstanceOf(IllegalStateException.class);
        });
    }

    @OnEachBackend
    void theEndComesAsAMessage(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (ActiveMode mode : new ActiveMode[] {ActiveMode.ONCE, ActiveMode.ALWAYS, ActiveMode.times(5)}) {
                SocketPair ended = SocketPair.open(self, TcpOptions.DEFAULT.withActive(mode));
                ended.peer().shutdown(Direction.WRITE);
                assertThat(TestNode.next(self)).isEqualTo(new Closed(ended.socket()));
                assertThat(ended.socket().active()).isEqualTo(ActiveMode.PASSIVE);
                // The other direction is open.
                ended.socket().send(bytes("answer"));
                assertThat(ended.read(6)).isEqualTo("answer");
                ended.socket().setActive(mode);
                assertThat(TestNode.next(self)).isEqualTo(new Closed(ended.socket()));
                assertReason(Reason.CLOSED, () -> ended.socket().receive(0));

                SocketPair reset = SocketPair.open(self, TcpOptions.DEFAULT.withActive(mode));
                reset.peer().abort();
                assertThat(TestNode.next(self)).isEqualTo(new Closed(reset.socket()));
            }
            SocketPair passive = SocketPair.open(self, TcpOptions.DEFAULT);
            passive.peer().close();
            TestNode.assertNothingComes(self);
            SocketPair mine = SocketPair.open(self, ALWAYS);
            mine.socket().close();
            TestNode.assertNothingComes(self);
        });
    }

    /** Who does not take what comes has the peer wait. */
    @OnEachBackend
    void anOwnerThatDoesNotTakeStopsThePeer(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair pair = SocketPair.open(self, ALWAYS.withReceiveQueue(100_000, 50_000));
            int all = 20_000_000;
            long[] sent = {0};
            Task<String, Exception> sender = self.io().concurrent(() -> {
                byte[] piece = pattern(10_000);
                while (sent[0] < all) {
                    pair.peer().writeAll(piece);
                    sent[0] += piece.length;
                }
                return "";
            });
            long before = -1;
            while (sent[0] != before) {
                before = sent[0];
                self.io().sleep(Duration.ofMillis(50));
            }
            assertThat(sent[0]).isLessThan(all);
            assertThat(self.node().info(self.pid()).orElseThrow().messages()).isLessThan(100_000 / 64 + 1);
            long got = 0;
            while (got < all) {
                got += ((Data) TestNode.next(self)).bytes().length;
            }
            sender.await();
            TestNode.assertNothingComes(self);
        });
    }

    @OnEachBackend
    void aPeerThatSendsMuchGetsALargerBuffer(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair pair = SocketPair.open(self, ALWAYS);
            byte[] all = pattern(2_000_000);
            Task<String, Exception> sender = self.io().concurrent(() -> {
                pair.peer().writeAll(all);
                return "";
            });
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            int largest = 0;
            while (got.size() < all.length) {
                byte[] piece = ((Data) TestNode.next(self)).bytes();
                largest = Math.max(largest, piece.length);
                got.writeBytes(piece);
            }
            sender.await();
            assertThat(got.toByteArray()).isEqualTo(all);
            assertThat(largest).isBetween(4_096, 65_536);
        });
    }

    @OnEachBackend
    @Tag("P8")
    void whatHasComeFollowsTheSocket(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair pair = SocketPair.open(self, BYTES);
            TcpSocket socket = pair.socket();
            pair.peer().writeAll(new byte[] {1, 'a', 1, 'b'});
            while (self.node().info(self.pid()).orElseThrow().messages() < 2) {
                self.io().sleep(Duration.ofMillis(1));
            }
            self.pid().send("mine");
            Pid next = self.spawnLink(one -> {
                for (String expected : new String[] {"a", "b", "c"}) {
                    assertThat(data(one, socket)).isEqualTo(expected);
                }
                assertThat(socket.controllingProcess()).isEqualTo(one.pid());
                assertThat(TestNode.next(one)).isEqualTo(new Closed(socket));
                self.pid().send("done");
            });
            socket.controllingProcess(self.pid());
            socket.controllingProcess(next);
            assertThatThrownBy(() -> socket.controllingProcess(self.pid()))
                    .isInstanceOf(NotOwnerException.class)
                    .hasMessageContaining("owned by process " + next);
            pair.peer().writeAll(new byte[] {1, 'c'});
            pair.peer().close();
            assertThat(TestNode.next(self)).isEqualTo("mine");
            assertThat(TestNode.next(self)).isEqualTo("done");
            var _ = self.node().await(next);
            assertThat(socket.isOpen()).isFalse();
            TestNode.assertNothingComes(self);
        });
    }

    /** From hand to hand while it is sent to: each byte comes once, and in order. */
    @OnEachBackend
    @Tag("P8")
    void handOverWithMessagesUnderWay(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair pair = SocketPair.open(self, BYTES);
            int all = 600;
            Task<String, Exception> sender = self.io().concurrent(() -> {
                for (int i = 0; i < all; i++) {
                    pair.peer().writeAll(new byte[] {1, (byte) i});
                    if (i % 16 == 0) {
                        self.io().sleep(Duration.ofNanos(30_000));
                    }
                }
                return "";
            });
            Pid[] hands = new Pid[3];
            for (int i = 0; i < hands.length; i++) {
                hands[i] = self.spawnLink(one -> {
                    RandomGenerator random = one.io().random();
                    int taken = 0;
                    while (true) {
                        if (one.receive() instanceof Data(TcpSocket socket, byte[] bytes)) {
                            self.pid().send(bytes[0]);
                            if (++taken % 5 == 0) {
                                // Who has it tells the observer in order, so the next one may not be faster.
                                socket.controllingProcess(hands[random.nextInt(hands.length)]);
                            }
                        }
                    }
                });
            }
            pair.socket().controllingProcess(hands[0]);
            boolean[] seen = new boolean[all];
            for (int i = 0; i < all; i++) {
                assertThat(TestNode.next(self)).isEqualTo((byte) i);
                seen[i] = true;
            }
            assertThat(seen).doesNotContain(false);
            sender.await();
            for (Pid hand : hands) {
                self.unlink(hand);
                self.exit(hand, ExitReason.KILL);
            }
        });
    }

    @OnEachBackend
    @Tag("P8")
    void nobodyGetsASocketAfterItsEnd(String backend) throws Exception {
        TestNode.run(backend, self -> {
            SocketPair pair = SocketPair.open(self, ALWAYS);
            Pid gone = self.spawn(_ -> {});
            var _ = self.node().await(gone);
            assertThatThrownBy(() -> pair.socket().controllingProcess(gone))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has ended");
            pair.write("still mine");
            assertThat(data(self, pair.socket())).isEqualTo("still mine");

            // A process that ends at any moment takes the socket with it, or never had it.
            RandomGenerator random = self.io().random();
            for (int i = 0; i < 20; i++) {
                SocketPair each = SocketPair.open(self, BYTES);
                each.peer().writeAll(new byte[] {1, 1, 1, 2});
                Pid next = self.spawn(one -> one.io().sleep(Duration.ofNanos(random.nextInt(100_000))));
                self.io().sleep(Duration.ofNanos(random.nextInt(100_000)));
                try {
                    each.socket().controllingProcess(next);
                    var _ = self.node().await(next);
                    assertThat(each.socket().isOpen()).isFalse();
                } catch (IllegalArgumentException ended) {
                    assertThat(each.socket().isOpen()).isTrue();
                    each.socket().close();
                }
            }
        });
    }

    @OnEachBackend
    void anotherProcessesMailboxLimitIsNotFilledBySockets(String backend) throws Exception {
        TestNode.run(backend, self -> {
            TcpListener listener = SocketPair.listen(self, BYTES);
            SpawnOptions bounded = SpawnOptions.DEFAULT.withMailbox(1, MailboxLimit.Overflow.DROP);
            Pid server = self.spawnLink(bounded, one -> {
                TcpSocket socket = one.sockets().accept(listener);
                one.io().sleep(Duration.ofMillis(20));
                for (int i = 0; i < 50; i++) {
                    assertThat(data(one, socket)).isEqualTo(String.valueOf((char) ('A' + i % 26)));
                }
                self.pid().send("all");
            });
            Connection peer = self.own(self.io().connect(Ip4Address.loopback(listener.port())));
            for (int i = 0; i < 50; i++) {
                peer.writeAll(new byte[] {1, (byte) ('A' + i % 26)});
            }
            assertThat(TestNode.next(self)).isEqualTo("all");
            var _ = self.node().await(server);
        });
    }

    @OnEachBackend
    void datagrams(String backend) throws Exception {
        TestNode.run(backend, self -> {
            UdpOptions loopback = UdpOptions.DEFAULT.withIp(Ip4Address.loopback(0));
            UdpSocket one = self.sockets().bind(0, loopback.withReceiveBuffer(8));
            UdpSocket two = self.sockets().bind(0, loopback);
            assertReason(Reason.TIMED_OUT, () -> one.receive(Timeout.after(Duration.ZERO)));
            assertReason(Reason.TIMED_OUT, () -> one.receive(Timeout.after(Duration.ofMillis(5))));
            two.send(bytes("hello"), one.localAddress());
            Packet first = one.receive(TestNode.LONG);
            assertThat(text(first.bytes())).isEqualTo("hello");
            assertThat(first.from()).isEqualTo(two.localAddress());
            two.send(bytes("longer than eight"), one.localAddress());
            assertThat(text(one.receive(TestNode.LONG).bytes())).isEqualTo("longer t");
            two.send(new byte[0], one.localAddress());
            assertThat(one.receive(TestNode.LONG).bytes()).isEmpty();

            one.connect(two.localAddress());
            two.setActive(ActiveMode.ONCE);
            one.send(bytes("a"));
            assertThat(packet(self, two)).isEqualTo("a");
            one.send(bytes("b"));
            TestNode.assertNothingComes(self);
            two.setActive(ActiveMode.times(2));
            one.send(bytes("c"));
            assertThat(packet(self, two)).isEqualTo("b");
            assertThat(packet(self, two)).isEqualTo("c");
            assertThat(TestNode.next(self)).isEqualTo(new Passive(two));
            two.setActive(ActiveMode.ALWAYS);
            for (String text : new String[] {"d", "e", "f"}) {
                one.send(bytes(text));
                assertThat(packet(self, two)).isEqualTo(text);
            }
            two.setActive(ActiveMode.PASSIVE);
            one.send(bytes("g"));
            TestNode.assertNothingComes(self);
            assertThat(text(two.receive().bytes())).isEqualTo("g");

            int port = two.port();
            two.setActive(ActiveMode.ALWAYS);
            Pid next = self.spawnLink(process -> {
                assertThat(packet(process, two)).isEqualTo("h");
                self.pid().send("got");
                TestNode.idle(process);
            });
            two.controllingProcess(next);
            one.send(bytes("h"));
            assertThat(TestNode.next(self)).isEqualTo("got");
            self.unlink(next);
            self.exit(next, ExitReason.KILL);
            var _ = self.node().await(next);
            assertThat(two.isOpen()).isFalse();

            // Nobody is there any more: the socket hears of it once, and is passive.
            one.setActive(ActiveMode.ALWAYS);
            one.send(bytes("i"));
            assertError(self, one, Reason.CONNECTION_REFUSED);
            assertThat(one.active()).isEqualTo(ActiveMode.PASSIVE);
            UdpSocket again = self.sockets().bind(port, loopback);
            one.setActive(ActiveMode.ONCE);
            again.send(bytes("back"), one.localAddress());
            assertThat(packet(self, one)).isEqualTo("back");
        });
    }

    private static String packet(Self self, UdpSocket socket) {
        Packet packet = (Packet) TestNode.next(self);
        assertThat(packet.socket()).isSameAs(socket);
        return text(packet.bytes());
    }

    /** A process for each connection, which is handed over, and answers until the peer ends it. */
    @OnEachBackend
    @Tag("P8")
    void aServerOfManyConnections(String backend) throws Exception {
        TestNode.run(backend, self -> {
            TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT);
            Pid acceptor = self.spawnLink(one -> {
                while (true) {
                    TcpSocket socket = one.sockets().accept(listener);
                    Pid server = one.spawn(process -> {
                        while (process.receive() instanceof Data(TcpSocket from, byte[] bytes)) {
                            from.send(bytes);
                            from.setActive(ActiveMode.ONCE);
                        }
                    });
                    socket.controllingProcess(server);
                    socket.setActive(ActiveMode.ONCE);
                }
            });
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 8; i++) {
                    int id = i;
                    self.spawnLink(one -> {
                        TcpSocket client =
                                one.sockets().connect("127.0.0.1", listener.port(), TcpConnectOptions.DEFAULT);
                        for (int k = 0; k < 10; k++) {
                            byte[] line = bytes(id + " asks " + k);
                            client.send(line);
                            assertThat(client.receive(line.length)).isEqualTo(line);
                        }
                        self.pid().send("served");
                    });
                }
                for (int i = 0; i < 8; i++) {
                    assertThat(TestNode.next(self)).isEqualTo("served");
                }
            }
            self.unlink(acceptor);
            self.exit(acceptor, ExitReason.KILL);
            // Of the servers, each ends with its connection.
            while (self.node().processes().size() > 1) {
                self.io().sleep(Duration.ofMillis(1));
            }
        });
    }

    /** Whatever is closed or killed at whatever moment: no descriptor, reader or process is left. */
    @OnEachBackend
    @Tag("P9")
    void killsAtAnyMoment(String backend) throws Exception {
        TestNode.run(backend, self -> {
            RandomGenerator random = self.io().random();
            TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT);
            for (int i = 0; i < 15; i++) {
                Pid server = self.spawn(one -> {
                    TcpSocket socket = one.sockets().accept(listener);
                    Pid other = one.spawn(TestNode::idle);
                    while (true) {
                        switch (random.nextInt(6)) {
                            case 0 -> socket.setActive(ActiveMode.ONCE);
                            case 1 -> socket.setActive(ActiveMode.ALWAYS);
                            case 2 -> socket.setActive(ActiveMode.PASSIVE);
                            case 3 -> socket.enqueue(pattern(3_000));
                            case 4 -> one.receive(Timeout.after(Duration.ofNanos(20_000)));
                            default -> {
                                if (random.nextInt(20) == 0) {
                                    socket.controllingProcess(other);
                                }
                                socket.send(bytes("x"));
                            }
                        }
                    }
                });
                try (Connection peer = self.io().connect(Ip4Address.loopback(listener.port()))) {
                    for (int k = 0; k < random.nextInt(6); k++) {
                        peer.writeAll(pattern(100));
                        self.io().sleep(Duration.ofNanos(random.nextInt(50_000)));
                    }
                    self.exit(server, ExitReason.KILL);
                } catch (IoException gone) {
                    assertThat(gone.reason()).isIn(Reason.BROKEN_PIPE, Reason.CONNECTION_RESET);
                }
                var _ = self.node().await(server);
            }
        });
    }
}
