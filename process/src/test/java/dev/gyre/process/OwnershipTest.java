package dev.gyre.process;

import static dev.gyre.process.PassiveSocketTest.assertReason;
import static dev.gyre.process.SocketPair.bytes;
import static dev.gyre.process.SocketPair.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketType;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Tag;
import org.opentest4j.TestAbortedException;

/**
 * What a process owns is closed, whenever it ends: before it has run, between any two steps, while others use it. Each
 * test counts descriptors in the end.
 */
@Tag("P9")
final class OwnershipTest {
    private static final UnixAddress ADDRESS = new UnixAddress("\0gyre-ownership-test");

    private static final Timeout NOW = Timeout.after(Duration.ZERO);

    /** At so many moments somebody is killed. */
    private static final int MOMENTS = 12;

    private static void sleep(Self self, int moment) {
        self.io().sleep(Duration.ofNanos(moment * 7_000L));
    }

    /** The other end was closed, in whatever way. */
    private static void assertHungUp(Connection peer) throws IoException {
        try {
            assertThat(peer.read(new byte[1])).isEqualTo(-1);
        } catch (IoException reset) {
            assertThat(reset.reason()).isEqualTo(Reason.CONNECTION_RESET);
        }
    }

    @OnEachBackend
    void whatGoesAlongIsClosedThoughTheProcessNeverRuns(String backend) throws Exception {
        TestNode.run(backend, self -> {
            List<BiFunction<SpawnOptions, ProcessBody, Pid>> ways = List.of(
                    self::spawn, self.node()::spawn, self::spawnLink, (how, body) -> self.spawnMonitor(how, body)
                            .process());
            self.trapExit(true);
            for (BiFunction<SpawnOptions, ProcessBody, Pid> way : ways) {
                ConnectionPair ends = self.io().connectPair(SocketType.STREAM);
                ConnectionPair more = self.io().connectPair(SocketType.STREAM);
                Pid child = way.apply(
                        SpawnOptions.DEFAULT.withOwned(ends.first()).withOwned(more.first()),
                        TestNode::idle);
                self.exit(child, ExitReason.KILL);
                assertHungUp(self.own(ends.second()));
                assertHungUp(self.own(more.second()));
            }
        });
    }

    @OnEachBackend
    void whatGoesAlongStaysWhereNothingIsStarted(String backend) throws Exception {
        TestNode.run(backend, self -> {
            self.register("taken");
            ConnectionPair ends = self.io().connectPair(SocketType.STREAM);
            self.own(ends);
            SpawnOptions how = SpawnOptions.DEFAULT.withOwned(ends.first());
            assertThatThrownBy(() -> self.spawn(how.withName("taken"), TestNode::idle))
                    .isInstanceOf(IllegalArgumentException.class);
            ends.second().writeAll(bytes("x"));
            assertThat(ends.first().read(new byte[1])).isEqualTo(1);
        });
    }

    @OnEachBackend
    void aConnectionThatIsHandedOverWhileItsOwnersAreKilled(String backend) throws Exception {
        TestNode.run(backend, self -> {
            TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT);
            for (int moment = 0; moment < 2 * MOMENTS; moment++) {
                boolean killsFirst = moment % 2 == 0;
                Pid next = self.spawn(TestNode::idle);
                Monitor first = self.spawnMonitor(one -> {
                    TcpSocket socket = one.sockets().accept(listener);
                    self.pid().send("accepted");
                    try {
                        socket.controllingProcess(next);
                        socket.setActive(ActiveMode.ONCE);
                    } catch (IllegalArgumentException ended) {
                        assertThat(ended).hasMessageContaining("has ended and cannot own");
                    } catch (IoException closed) {
                        assertThat(closed.reason()).isEqualTo(Reason.CLOSED);
                    }
                });
                try (Connection peer = self.io().connect(Ip4Address.loopback(listener.port()))) {
                    sleep(self, moment / 2);
                    self.exit(killsFirst ? first.process() : next, ExitReason.KILL);
                    sleep(self, 1);
                    self.exit(killsFirst ? next : first.process(), ExitReason.KILL);
                    assertThat(down(self, first).reason()).isIn(ExitReason.NORMAL, ExitReason.KILLED);
                    ExitReason _ = self.node().await(next);
                    if (self.receive(NOW) == null) { // killed before it has accepted
                        self.sockets().accept(listener).close();
                    }
                    assertHungUp(peer);
                }
            }
        });
    }

    private static Signal.Down down(Self self, Monitor monitor) {
        return self.receive(message ->
                message instanceof Signal.Down down && down.monitor() == monitor ? down : null);
    }

    @OnEachBackend
    void aListenerThatIsHandedOverWhileItsOwnersAreKilled(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (int moment = 0; moment < MOMENTS; moment++) {
                Pid next = self.spawn(TestNode::idle);
                Monitor first = self.spawnMonitor(one -> {
                    TcpListener listener = SocketPair.listen(one, TcpOptions.DEFAULT);
                    self.pid().send(listener.port());
                    listener.controllingProcess(next);
                });
                int port = (Integer) TestNode.next(self);
                sleep(self, moment);
                self.exit(next, ExitReason.KILL);
                self.exit(first.process(), ExitReason.KILL);
                ExitReason _ = self.node().await(next);
                assertThat(TestNode.next(self)).isInstanceOf(Signal.Down.class);
                self.sockets().listen(port, TcpListenOptions.DEFAULT).close();
            }
        });
    }

    @OnEachBackend
    void oneWhoLooksIsKilledAtAnyMoment(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid observer = Observer.start(self.node(), ADDRESS);
            for (int moment = 0; moment < MOMENTS; moment++) {
                try (Connection looks = self.io().connect(ADDRESS)) {
                    sleep(self, moment);
                    List<Pid> asked = new ArrayList<>();
                    while (asked.isEmpty()) {
                        asked.addAll(self.node().processes());
                        asked.removeAll(List.of(self.pid(), observer));
                        if (asked.isEmpty()) {
                            self.io().sleep(Duration.ofNanos(1));
                        }
                    }
                    asked.forEach(each -> self.exit(each, ExitReason.of("looked at")));
                    // The observer is linked to it, and ends with it.
                    ExitReason _ = self.node().await(observer);
                    while (looks.read(new byte[100]) > 0) {
                        // What it has said before.
                    }
                } catch (IoException reset) {
                    assertThat(reset.reason()).isEqualTo(Reason.CONNECTION_RESET);
                }
                observer = Observer.start(self.node(), ADDRESS);
            }
        });
    }

    /** The port is free when others hear of the end, whoever was using the listener, and whoever has closed it. */
    @OnEachBackend
    @Tag("P3")
    void theEndOfAListenerEndsTheAcceptsOfOthers(String backend) throws Exception {
        TestNode.run(backend, self -> {
            int port = 0;
            for (int round = 0; round < MOMENTS; round++) {
                boolean closesItself = round % 2 == 0;
                int at = port;
                Monitor owner = self.spawnMonitor(one -> {
                    TcpListener listener = one.sockets().listen(
                            at, TcpListenOptions.DEFAULT.withIp(Ip4Address.loopback(0)));
                    self.pid().send(listener);
                    Object _ = one.receive();
                    if (closesItself) {
                        listener.close();
                    }
                });
                TcpListener listener = (TcpListener) TestNode.next(self);
                port = listener.port();
                List<Monitor> acceptors = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    acceptors.add(self.spawnMonitor(one ->
                            assertReason(Reason.CLOSED, () -> one.sockets().accept(listener, TestNode.LONG))));
                }
                sleep(self, round);
                if (closesItself || round % 4 == 1) {
                    owner.process().send("end");
                } else {
                    self.exit(owner.process(), ExitReason.KILL);
                }
                assertThat(down(self, owner).reason()).isIn(ExitReason.NORMAL, ExitReason.KILLED);
                self.sockets().listen(port, TcpListenOptions.DEFAULT.withIp(Ip4Address.loopback(0))).close();
                for (Monitor each : acceptors) {
                    assertThat(down(self, each).reason()).isEqualTo(ExitReason.NORMAL);
                }
            }
        });
    }

    /** Whoever accepts, and is linked to the owner, ends with it, and has not gone wrong. */
    @OnEachBackend
    @Tag("P3")
    void anAcceptorThatIsLinkedEndsWithTheOwner(String backend) throws Exception {
        TestNode.program(backend, test -> test.runProcess(SpawnOptions.DEFAULT, self -> {
            for (ExitReason how : List.of(ExitReason.SHUTDOWN, ExitReason.KILLED)) {
                Monitor owner = self.spawnMonitor(one -> {
                    TcpListener listener = SocketPair.listen(one, TcpOptions.DEFAULT);
                    for (int i = 0; i < 3; i++) {
                        self.pid().send(one.spawnLink(acceptor -> acceptor.sockets().accept(listener)));
                    }
                    Object _ = one.receive();
                    throw new ProcessExit(how);
                });
                List<Monitor> acceptors = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    Pid acceptor = self.receive(message -> message instanceof Pid pid ? pid : null);
                    acceptors.add(self.monitor(acceptor));
                }
                if (how == ExitReason.SHUTDOWN) {
                    owner.process().send("end");
                } else {
                    self.exit(owner.process(), ExitReason.KILL);
                }
                assertThat(down(self, owner).reason()).isEqualTo(how);
                for (Monitor each : acceptors) {
                    assertThat(down(self, each).reason()).isEqualTo(how);
                }
            }
            assertThat(test.crashes()).isEmpty();
        }));
    }

    @OnEachBackend
    @Tag("P11")
    void aServerEndsWhileAllThatItOwnsIsOpen(String backend) throws Exception {
        TestNode.run(backend, self -> {
            for (ExitReason how : List.of(ExitReason.SHUTDOWN, ExitReason.of("bad"), ExitReason.KILL)) {
                TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT);
                List<String> steps = new ArrayList<>();
                Pid server = self.spawn(Server.of(() -> new Server() {
                    private final List<TcpSocket> sockets = new ArrayList<>();

                    @Override
                    public void handle(Self one, Object message) throws IoException {
                        sockets.add(one.sockets().accept(listener));
                        one.own(() -> steps.add("closed"));
                        self.pid().send("accepted");
                    }

                    @Override
                    public void end(Self one) throws IoException {
                        one.own(() -> steps.add("closed what was made at the end"));
                        steps.add("ends");
                        sockets.getFirst().send(bytes("bye"));
                    }
                }));
                server.send("accept");
                try (Connection peer = self.io().connect(Ip4Address.loopback(listener.port()))) {
                    assertThat(TestNode.next(self)).isEqualTo("accepted");
                    self.exit(server, how);
                    ExitReason _ = self.node().await(server);
                    byte[] said = new byte[3];
                    if (how == ExitReason.KILL) {
                        assertThat(steps).containsExactly("closed");
                    } else {
                        assertThat(steps).containsExactly("ends", "closed what was made at the end", "closed");
                        assertThat(peer.read(said)).isEqualTo(3);
                        assertThat(text(said)).isEqualTo("bye");
                    }
                    assertThat(peer.read(said)).isEqualTo(-1);
                }
                listener.close();
            }
        });
    }

    @OnEachBackend
    @Tag("P2")
    void theNewInternetProtocol(String backend) throws Exception {
        TestNode.run(backend, self -> {
            TcpListener listener;
            try {
                listener = self.sockets().listen(0, TcpListenOptions.DEFAULT.withIp(Ip6Address.loopback(0)));
            } catch (IoException refused) {
                assertThat(refused.reason())
                        .isIn(Reason.ADDRESS_NOT_AVAILABLE, Reason.ADDRESS_FAMILY_UNSUPPORTED);
                String message = "skipped: the probe 'bind(2) at ::1' answered: " + refused.getMessage();
                IO.println(message);
                throw new TestAbortedException(message);
            }
            TcpSocket client = self.sockets().connect("::1", listener.port(), TcpConnectOptions.DEFAULT);
            TcpSocket server = self.sockets().accept(listener, TestNode.LONG);
            assertThat(server.remoteAddress()).isEqualTo(client.localAddress()).isInstanceOf(Ip6Address.class);
            server.setActive(ActiveMode.ONCE);
            client.send(bytes("six"));
            assertThat(TestNode.next(self)).isInstanceOfSatisfying(
                    SocketMessage.Data.class, data -> assertThat(data.text()).isEqualTo("six"));
            UdpSocket one = self.sockets().bind(0, UdpOptions.DEFAULT.withIp(Ip6Address.loopback(0)));
            UdpSocket two = self.sockets().bind(
                    0, UdpOptions.DEFAULT.withIp(Ip6Address.loopback(0)).withActive(ActiveMode.ONCE));
            one.send(bytes("datagram"), two.localAddress());
            assertThat(TestNode.next(self)).isInstanceOfSatisfying(SocketMessage.Packet.class, packet -> {
                assertThat(text(packet.bytes())).isEqualTo("datagram");
                assertThat(packet.from()).isInstanceOf(Ip6Address.class);
            });
        });
    }
}
