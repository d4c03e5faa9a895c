package dev.gyre.process;

import static dev.gyre.process.SocketPair.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Connection;
import dev.gyre.io.Ip4Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is told of a process that has gone wrong. */
@Tag("P11")
final class CrashReportTest {
    private static final ExitReason BAD = ExitReason.of("bad");

    private record Put(String key, int value) {}

    private record Fail() {}

    private static final class Unprintable {
        @Override
        public String toString() {
            throw new IllegalStateException("not to be shown");
        }
    }

    private static final class Store implements Server {
        @Override
        public void handle(Self self, Object message) {
            if (message instanceof Fail) {
                throw new ProcessExit(BAD);
            }
        }
    }

    private static CrashReport reportOf(TestNode test, ProcessBody body, Object... messages) {
        Pid process = test.node().spawn(body);
        for (Object message : messages) {
            process.send(message);
        }
        ExitReason _ = test.node().await(process);
        return test.crashes().remove();
    }

    @OnEachBackend
    void theLastMessagesAreInIt(String backend) throws Exception {
        TestNode.program(backend, test -> {
            CrashReport report = reportOf(
                    test, Server.of(Store::new), "first", 2, 3, new Put("a", 1), new Put("b", 2), new Fail());
            assertThat(report.received()).containsExactly("3", "Put[key=a, value=1]", "Put[key=b, value=2]", "Fail[]");
            assertThat(report.label()).as("where the server was written").isEqualTo("CrashReportTest");
            assertThat(report.parent()).isEmpty();
            assertThat(report.links()).isEmpty();

            report = reportOf(
                    test, Server.of(Store::new), new Unprintable(), "two\nlines", "x".repeat(1_000), new Fail());
            assertThat(report.received().getFirst()).contains("Unprintable").contains("IllegalStateException");
            assertThat(report.received().get(1)).isEqualTo("two lines");
            assertThat(report.received().get(2)).isEqualTo("x".repeat(200) + "…");

            report = reportOf(test, _ -> {
                throw new ProcessExit(BAD);
            });
            assertThat(report.received()).isEmpty();
        });
    }

    @Test
    void oneMessageIsNotSeveral() {
        assertThat(textWith(0)).doesNotContain("left");
        assertThat(textWith(1)).endsWith("; 1 message was left");
        assertThat(textWith(2)).endsWith("; 2 messages were left");
    }

    private static String textWith(long messages) {
        return Log.text(new CrashReport(
                new Pid(7), Optional.empty(), "Store", BAD, Optional.empty(), List.of(), messages, List.of()));
    }

    @OnEachBackend
    void whoHasToDoWithItIsInIt(String backend) throws Exception {
        TestNode.program(backend, test -> {
            Pid parent = test.node().spawn(self -> {
                self.trapExit(true);
                Pid child = self.spawnLink(Server.of(Store::new));
                child.send(new Fail());
                assertThat(TestNode.next(self)).isEqualTo(new Signal.Exit(child, BAD));
            });
            test.await(parent);
            CrashReport report = test.crashes().remove();
            assertThat(report.parent()).contains(parent);
            assertThat(report.links()).containsExactly(parent);
        });
    }

    /** What has come from sockets, or at a time, is not kept, or is. */
    @OnEachBackend
    void messagesThatNobodyHasSent(String backend) throws Exception {
        TestNode.program(backend, test -> {
            CrashReport report = reportOf(test, self -> {
                TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT.withActive(ActiveMode.ONCE));
                Connection peer = self.own(self.io().connect(Ip4Address.loopback(listener.port())));
                TcpSocket socket = self.sockets().accept(listener);
                peer.writeAll(bytes("secret"));
                assertThat(TestNode.next(self)).isInstanceOf(SocketMessage.Data.class);
                self.sendAfter(Duration.ofNanos(1), "late");
                assertThat(TestNode.next(self)).isEqualTo("late");
                assertThat(socket.isOpen()).isTrue();
                throw new ProcessExit(BAD);
            });
            assertThat(report.received()).hasSize(2);
            assertThat(report.received().getFirst()).startsWith("a message of socket ").doesNotContain("secret");
            assertThat(report.received().get(1)).isEqualTo("late");
        });
    }

    @OnEachBackend
    void aNodeCanKeepNone(String backend) throws Exception {
        TestNode.program(backend, test -> {
            Queue<CrashReport> crashes = new ConcurrentLinkedQueue<>();
            ProcessesOptions options = ProcessesOptions.DEFAULT.withCrashHandler(crashes::add).withoutMessages();
            try (Processes node = Processes.open(test.node().io(), options)) {
                CrashReport report = reportOf(new TestNode(node, crashes), Server.of(Store::new), "secret", new Fail());
                assertThat(report.received()).isEqualTo(List.of());
                assertThat(report.reason()).isEqualTo(BAD);
            }
        });
    }
}
