package dev.gyre.process;

import static dev.gyre.process.SocketPair.bytes;
import static dev.gyre.process.SocketPair.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Clock;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.conformance.Rounds;
import dev.gyre.process.SupervisorSpec.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A service under load whose processes, and those of its clients, are killed at any moment: it goes on, and when it is
 * over, nothing is left.
 *
 * <p>Below one supervisor are a server that counts, the listener with its acceptor, and the clients. Each connection is
 * handed to a process of its own, in one of the active modes.
 */
@Tag("P9")
@Tag("P11")
final class SocketChaosTest {
    private static final int SEEDS = 300;
    private static final Duration SHORT = Duration.ofMillis(700);
    private static final Duration OF_STRESS = Duration.ofSeconds(Integer.getInteger("gyre.process.chaos", 30));
    private static final ExitReason BAD = ExitReason.of("bad");
    private static final Timeout SOON = Timeout.after(Duration.ofMillis(200));
    private static final TcpOptions LINES = TcpOptions.DEFAULT.withFraming(Framing.LINE).withFrameMax(1_000);
    private static final List<ActiveMode> MODES =
            List.of(ActiveMode.ONCE, ActiveMode.times(2), ActiveMode.ALWAYS, ActiveMode.PASSIVE);

    private record Count(ReplyTo<Integer> replyTo) {}

    private static final class Counter implements Server {
        private int count;

        @Override
        public void handle(Self self, Object message) {
            if (message instanceof Count(ReplyTo<Integer> replyTo)) {
                count++;
                replyTo.reply(count);
            }
        }

        @Override
        public void end(Self self) {
            self.io().sleep(Duration.ofNanos(1));
        }
    }

    /** The service, its clients, and who kills them. */
    private static final class Service {
        private final int clients;
        private final AtomicInteger answers = new AtomicInteger();

        /** Where the service listens, from when it does. */
        private volatile int port;

        private Service(int clients) {
            this.clients = clients;
        }

        // The service.

        private SupervisorSpec spec() {
            SupervisorSpec spec = SupervisorSpec.of(Strategy.REST_FOR_ONE)
                    .withIntensity(1_000_000, Duration.ofHours(1))
                    .withChild(ChildSpec.of("counter", Server.of(Counter::new))
                            .withOptions(SpawnOptions.DEFAULT.withName("counter")))
                    .withChild(ChildSpec.of("listener", this::listen)
                            .withOptions(SpawnOptions.DEFAULT.withName("listener")));
            for (int i = 0; i < clients; i++) {
                spec = spec.withChild(ChildSpec.of("client " + i, this::ask));
            }
            return spec;
        }

        private void listen(Self self) throws IoException {
            TcpListener listener = self.sockets().listen(
                    port, TcpListenOptions.DEFAULT.withIp(Ip4Address.loopback(0)).withConnections(LINES));
            port = listener.port();
            self.spawnLink(acceptor -> accept(acceptor, listener));
            accept(self, listener);
        }

        private void accept(Self self, TcpListener listener) throws IoException {
            RandomGenerator random = self.io().random();
            while (true) {
                TcpSocket connection = self.sockets().accept(listener);
                Pid next = self.spawn(one -> serve(one, MODES.get(random.nextInt(MODES.size()))));
                try {
                    connection.controllingProcess(next);
                    next.send(connection);
                } catch (IllegalArgumentException killed) {
                    connection.close();
                }
            }
        }

        private static void serve(Self self, ActiveMode mode) throws Exception {
            self.node().join("serving", self.pid());
            TcpSocket connection = self.receive(message -> message instanceof TcpSocket socket ? socket : null);
            self.sendAfter(Duration.ofHours(1), "never");
            connection.setActive(mode);
            while (true) {
                Object message = mode == ActiveMode.PASSIVE
                        ? new SocketMessage.Data(connection, connection.receive(0))
                        : self.receive();
                switch (message) {
                    case SocketMessage.Data data -> {
                        Pid counter = self.node().whereIs("counter");
                        if (counter == null) {
                            return;
                        }
                        int count = self.<Integer>call(counter, SOON, Count::new);
                        assertThat(count).isPositive();
                        connection.enqueue(data.bytes());
                        if (mode == ActiveMode.ONCE) {
                            connection.setActive(mode);
                        }
                    }
                    case SocketMessage.Passive _ -> connection.setActive(mode);
                    case SocketMessage.Closed _ -> {
                        return;
                    }
                    default -> {}
                }
            }
        }

        // Its clients.

        /** Asks again and again, each time on a new connection when something has happened to the last one. */
        private void ask(Self self) throws IoException {
            while (true) {
                try {
                    askUntilItFails(self);
                } catch (IoException failure) {
                    assertThat(failure.reason()).isIn(
                            Reason.CLOSED, Reason.CONNECTION_REFUSED, Reason.TIMED_OUT, Reason.END_OF_STREAM);
                    self.io().sleep(Duration.ofMillis(1));
                }
            }
        }

        private void askUntilItFails(Self self) throws IoException {
            RandomGenerator random = self.io().random();
            try (TcpSocket connection = self.sockets().connect(
                    "127.0.0.1",
                    Math.max(port, 1),
                    TcpConnectOptions.DEFAULT.withConnection(LINES).withTimeout(SOON))) {
                while (random.nextInt(20) > 0) {
                    self.io().sleep(Duration.ofNanos(random.nextInt(200_000)));
                    answered(connection, random.nextInt(1_000_000));
                }
            }
        }

        private void answered(TcpSocket connection, int number) throws IoException {
            String line = "question " + number + "\n";
            connection.send(bytes(line));
            assertThat(text(connection.receive(0, SOON))).isEqualTo(line);
            answers.incrementAndGet();
        }

        // Who kills.

        private void run(Self self, Duration time, Duration pauseMax) throws IoException {
            RandomGenerator random = self.io().random();
            Supervisor supervisor = Supervisor.start(self.node(), spec());
            List<Pid> spared = List.of(self.pid(), supervisor.pid());
            Timestamp begin = self.io().now(Clock.AWAKE);
            while (self.io().now(Clock.AWAKE).since(begin).compareTo(time) < 0) {
                List<Pid> others = new ArrayList<>(self.node().processes());
                others.removeAll(spared);
                if (!others.isEmpty()) {
                    Pid victim = others.get(random.nextInt(others.size()));
                    self.exit(victim, random.nextBoolean() ? ExitReason.KILL : BAD);
                }
                self.io().sleep(Duration.ofNanos(random.nextLong(pauseMax.toNanos())));
            }
            assertItAnswers(self);
            supervisor.stop();
            // Those that serve are nobody's children, and end with their connections.
            while (self.node().processes().size() > 1) {
                self.io().sleep(Duration.ofMillis(1));
            }
            assertThat(self.node().registered()).isEmpty();
            assertThat(self.node().groups()).isEmpty();
            ProcessInfo info = self.node().info(self.pid()).orElseThrow();
            assertThat(info.links()).isEmpty();
            assertThat(info.monitoredBy()).isEmpty();
            assertThat(info.timers()).isZero();
            assertThat(info.sockets()).isZero();
        }

        /** Many at once, more than there are buffers to receive into that somebody could have kept. */
        private void assertItAnswers(Self self) throws IoException {
            int before = answers.get();
            List<TcpSocket> connections = new ArrayList<>();
            while (connections.size() < 2 * clients) {
                try {
                    TcpSocket connection = self.sockets().connect(
                            "127.0.0.1", port, TcpConnectOptions.DEFAULT.withConnection(LINES));
                    connections.add(connection);
                    answered(connection, connections.size());
                } catch (IoException early) { // the last of the killed are started again
                    assertThat(early.reason()).isIn(Reason.CLOSED, Reason.CONNECTION_REFUSED, Reason.TIMED_OUT);
                    self.io().sleep(Duration.ofMillis(1));
                }
            }
            connections.forEach(TcpSocket::close);
            assertThat(answers.get()).isGreaterThan(before);
        }
    }

    private static void runOn(String backend, Duration time, int clients) throws Exception {
        TestNode.once(backend, test -> {
            Service chaos = new Service(clients);
            test.runProcess(SpawnOptions.DEFAULT, self -> chaos.run(self, time, Duration.ofMillis(2)));
            assertThat(chaos.answers.get()).isPositive();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aServiceGoesOn(String backend) throws Exception {
        runOn(backend, SHORT, 8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    @Tag("stress")
    void aServiceGoesOnForLong(String backend) throws Exception {
        Rounds.requireStress();
        runOn(backend, OF_STRESS, 64);
    }

    @Test
    void aServiceGoesOnInAnyOrder() {
        assertItGoesOn(SEEDS);
    }

    @Test
    @Tag("stress")
    void aServiceGoesOnInMoreOrders() {
        Rounds.requireStress();
        assertItGoesOn(ManyOrders.OF_STRESS);
    }

    /** Each has a service of its own. */
    private static void assertItGoesOn(int seeds) {
        ManyOrders.run(5_000, seeds, 50, self ->
                new Service(2).run(self, Duration.ofMillis(1), Duration.ofNanos(100_000)));
    }
}
