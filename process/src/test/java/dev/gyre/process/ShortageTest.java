package dev.gyre.process;

import static dev.gyre.process.SocketPair.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Timestamp;
import dev.gyre.io.conformance.ChildJvm;
import dev.gyre.io.conformance.Eventually;
import dev.gyre.io.conformance.Hoarder;
import dev.gyre.io.conformance.OpenDescriptors;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes where there are no descriptors left, or no memory. A simulation has no such limits. */
@Tag("P3")
final class ShortageTest {
    private static final int DESCRIPTORS_MAX = 100;
    private static final Duration SHORTAGE = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aServerGoesOnAfterwards(String backend) throws Exception {
        assertThat(ChildJvm.runWithDescriptors(DESCRIPTORS_MAX, Program.class, backend))
                .containsExactly(
                        "connect: CONNECTION_REFUSED",
                        "listen: PROCESS_FD_LIMIT",
                        "connect: PROCESS_FD_LIMIT",
                        "not busy",
                        "said hello",
                        "[] is left");
    }

    /** Where classes are files, the first end of a process finds none of those that it has not used. */
    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void theFirstEndIsHeardOf(String backend) throws Exception {
        assertThat(ChildJvm.runWithDescriptors(DESCRIPTORS_MAX, FirstEnd.class, backend))
                .containsExactly("started", "started", "closed");
    }

    /** By those who await it, watch it, and are linked to it, while the heap is full from time to time. */
    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void endsAreHeardOfWithoutMemory(String backend) throws Exception {
        assertThat(String.join("\n", ChildJvm.runWithHoarder(EndsWithoutMemory.class, backend)))
                .contains("all were heard of");
    }

    /** Starts processes that end at once, and waits for each. */
    static final class EndsWithoutMemory {
        private static final int WARMUP = 100;
        private static final int WAITERS = 9;
        private static final CountDownLatch WARM = new CountDownLatch(WAITERS);
        private static final CountDownLatch WAITING = new CountDownLatch(WAITERS);
        private static volatile boolean over;

        private EndsWithoutMemory() {}

        private interface Wait {
            void run() throws Exception;
        }

        public static void main(String[] arguments) throws Exception {
            Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]));
            Processes node = Processes.open(io, ProcessesOptions.DEFAULT.withCrashHandler(_ -> {}));
            for (int i = 0; i < WAITERS; i += 3) {
                Thread.ofPlatform().daemon().start(() -> repeat(() -> node.await(node.spawn(_ -> {}))));
                node.spawn(self -> repeat(() -> {
                    Monitor _ = self.monitor(self.spawn(_ -> {}));
                    Object _ = self.receive();
                }));
                node.spawn(self -> {
                    self.trapExit(true);
                    repeat(() -> {
                        Pid _ = self.spawnLink(_ -> {});
                        Object _ = self.receive();
                    });
                });
            }
            WARM.await();
            Hoarder.hoardFor(SHORTAGE);
            over = true;
            boolean all = WAITING.await(20, TimeUnit.SECONDS);
            IO.println(all ? "all were heard of" : WAITING.getCount() + " wait for ever");
            System.exit(0);
        }

        private static void repeat(Wait wait) {
            for (int ends = 0; !over; ends++) {
                if (ends == WARMUP) { // all classes are loaded
                    WARM.countDown();
                }
                try {
                    wait.run();
                } catch (OutOfMemoryError | Exception shortage) {
                    Thread.onSpinWait();
                }
            }
            WAITING.countDown();
        }
    }

    /** A supervised child fails when nothing can be opened any more, and is started again. */
    static final class FirstEnd {
        private FirstEnd() {}

        public static void main(String[] arguments) throws Exception {
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]))) {
                BlockingQueue<Pid> started = new LinkedBlockingQueue<>();
                ProcessBody child = self -> {
                    started.add(self.pid());
                    Object _ = self.receive();
                    throw new IllegalStateException("was told to");
                };
                SupervisorSpec spec = SupervisorSpec.of(SupervisorSpec.Strategy.ONE_FOR_ONE)
                        .withChild(ChildSpec.of("child", child));
                try (Processes node = Processes.open(io, ProcessesOptions.DEFAULT.withCrashHandler(_ -> {}))) {
                    var _ = Supervisor.start(node, spec);
                    Pid first = started.take();
                    IO.println("started");
                    List<FileInputStream> hoard = hoard();
                    first.send("fail");
                    Pid second = started.take();
                    IO.println(second == first ? "the same" : "started");
                    for (FileInputStream each : hoard) {
                        each.close();
                    }
                }
                IO.println("closed");
            }
        }
    }

    /** All descriptors that there are. */
    private static List<FileInputStream> hoard() {
        List<FileInputStream> hoard = new ArrayList<>();
        while (true) {
            try {
                hoard.add(new FileInputStream("/dev/null"));
            } catch (IOException none) {
                return hoard;
            }
        }
    }

    /** A client connects while its server has no descriptor for it. */
    static final class Program {
        private static final Duration PAUSE = Duration.ofMillis(10);
        private static final int REFUSALS = 20;

        private Program() {}

        public static void main(String[] arguments) throws Exception {
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]))) {
                // What this program needs itself must be there before the shortage.
                run(io, Program::serveOneConnection);
                Set<String> before = OpenDescriptors.now();
                run(io, Program::starve);
                Eventually.await("all is closed", () -> before.containsAll(OpenDescriptors.now()));
                Set<String> left = OpenDescriptors.now();
                left.removeAll(before);
                IO.println(left + " is left");
            }
        }

        private static void run(Io io, ProcessBody body) {
            try (Processes node = Processes.open(io)) {
                assertThat(node.run(body)).isEqualTo(ExitReason.NORMAL);
            }
        }

        private static void serveOneConnection(Self self) throws Exception {
            TcpListener listener = server(self);
            TcpSocket client = connect(self, listener.port());
            client.send(bytes("hello"));
            assertThat(client.receive(5)).isEqualTo(bytes("hello"));
            listener.close();
            refused("connect", () -> connect(self, 1));
            self.io().sleep(PAUSE);
            self.pid().send("refused");
            assertThat(TestNode.next(self)).isEqualTo("refused");
            TestNode.assertNothingComes(self);
            assertThat(self.io().now(Clock.PROCESS_CPU).since(self.io().now(Clock.PROCESS_CPU))).isNotNull();
        }

        private static void starve(Self self) throws Exception {
            TcpListener listener = server(self);
            List<FileInputStream> hoard = hoard();
            refused("listen", () -> self.sockets().listen(0, TcpListenOptions.DEFAULT));
            refused("connect", () -> connect(self, listener.port()));
            hoard.removeLast().close();
            TcpSocket client = connect(self, listener.port()); // which the kernel does without the server
            for (int i = 0; i < REFUSALS; i++) {
                assertThat(TestNode.next(self)).isEqualTo("refused");
            }
            Timestamp before = self.io().now(Clock.PROCESS_CPU);
            for (int i = 0; i < REFUSALS; i++) {
                assertThat(TestNode.next(self)).isEqualTo("refused");
            }
            Duration busy = self.io().now(Clock.PROCESS_CPU).since(before);
            Duration most = PAUSE.multipliedBy(REFUSALS).dividedBy(2);
            IO.println(busy.compareTo(most) < 0 ? "not busy" : "busy for " + busy);
            for (FileInputStream each : hoard) {
                each.close();
            }
            client.send(bytes("hello"));
            IO.println("said " + SocketPair.text(client.receive(5)));
        }

        private static TcpSocket connect(Self self, int port) throws IoException {
            return self.sockets().connect("127.0.0.1", port, TcpConnectOptions.DEFAULT);
        }

        /** A listener whose connections are served, and whose refusals are told. */
        private static TcpListener server(Self self) throws Exception {
            TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT);
            self.spawnLink(acceptor -> {
                while (true) {
                    try {
                        TcpSocket connection = acceptor.sockets().accept(listener);
                        connection.controllingProcess(acceptor.spawn(Program::echo));
                        connection.setActive(ActiveMode.ONCE);
                    } catch (IoException failure) {
                        if (!failure.reason().isShortage()) {
                            return; // the listener is closed
                        }
                        self.pid().send("refused");
                        acceptor.io().sleep(PAUSE);
                    }
                }
            });
            return listener;
        }

        private static void echo(Self self) throws IoException {
            while (self.receive() instanceof SocketMessage.Data(TcpSocket socket, byte[] data)) {
                socket.send(data);
                socket.setActive(ActiveMode.ONCE);
            }
        }

        private interface Call {
            Object run() throws IoException;
        }

        private static void refused(String what, Call call) {
            try {
                Object _ = call.run();
                IO.println(what + ": done");
            } catch (IoException refused) {
                IO.println(what + ": " + refused.reason());
            }
        }
    }
}
