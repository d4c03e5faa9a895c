package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.BufferedSource;
import dev.gyre.io.ConnectOptions;
import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import dev.gyre.io.Reason;
import dev.gyre.io.UnixAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** What a node tells those who look at it. */
@Tag("P1")
final class ObserverTest {
    private static final UnixAddress ADDRESS = new UnixAddress("\0gyre-observer-test");

    /** One who looks. */
    private record Look(Connection connection, BufferedSource lines) implements AutoCloseable {
        static Look at(Self self) throws IOException {
            Connection connection = self.io().connect(ADDRESS, ConnectOptions.DEFAULT);
            Look look = new Look(connection, new BufferedSource(connection));
            assertThat(look.lines.readLine(100)).isEqualTo(Observer.GREETING);
            return look;
        }

        List<String> ask(String question) throws IOException {
            connection.writeAll((question + "\n").getBytes(StandardCharsets.UTF_8));
            List<String> answer = new ArrayList<>();
            for (String line = next(); !line.equals("."); line = next()) {
                answer.add(line);
            }
            return answer;
        }

        private String next() throws IOException {
            String line = lines.readLine(10_000);
            assertThat(line).as("an answer ends with a dot").isNotNull();
            return line;
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    private static List<String> row(List<String> answer, Pid process) {
        return answer.stream()
                .map(line -> List.of(line.split("\t", -1)))
                .filter(fields -> fields.getFirst().equals(process.toString()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(process + " is not in " + answer));
    }

    @OnEachBackend
    void aNodeTellsOfItsProcesses(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid observer = Observer.start(self.node(), ADDRESS);
            Pid full = self.spawn(
                    SpawnOptions.DEFAULT.withName("tab\there"), one -> one.io().sleep(Duration.ofHours(1)));
            for (int i = 0; i < 7; i++) {
                full.send(i);
            }
            Pid answers = self.spawn(one -> {
                while (one.receive() instanceof Pid asking) {
                    asking.send("here");
                }
            });
            TcpListener listener = SocketPair.listen(self, TcpOptions.DEFAULT);
            try (Look look = Look.at(self)) {
                List<String> first = look.ask("top messages 3");
                assertThat(first).hasSize(4);
                assertThat(first.getFirst()).startsWith("node\t5\t7\t\t");
                assertThat(first.get(1)).startsWith(full + "\t" + self.pid() + "\ttab here\t");
                for (int i = 0; i < 5; i++) {
                    answers.send(self.pid());
                    assertThat(TestNode.next(self)).isEqualTo("here");
                }
                List<String> second = look.ask("top pid 100");
                assertThat(second).hasSize(6);
                assertThat(row(second, answers).get(6)).as("received").isEqualTo("5");
                assertThat(row(second, full).subList(5, 7)).containsExactly("7", "0");
                assertThat(row(second, observer).get(2)).as("the name").isEmpty();
                assertThat(look.ask("top received 1").get(1)).contains("\t5\t");
                assertThat(look.ask("top sockets 1").get(1)).startsWith(self.pid() + "\t").endsWith("\t1");
                listener.close();
                assertThat(row(look.ask("top pid 100"), self.pid()).get(12)).as("sockets").isEqualTo("0");

                assertThat(look.ask("top heaviest 1")).containsExactly("error\tunknown order heaviest");
                assertThat(look.ask("top messages many").getFirst()).startsWith("error\t");
                assertThat(look.ask("what").getFirst()).startsWith("error\t");
                assertThat(look.ask("top messages -1")).hasSize(1);
            }
            self.exit(full, ExitReason.KILL);
            self.exit(answers, ExitReason.KILL);
            self.exit(observer, ExitReason.SHUTDOWN);
            ExitReason _ = self.node().await(observer);
            assertThatThrownBy(() -> Look.at(self))
                    .isInstanceOfSatisfying(IoException.class, failed ->
                            assertThat(failed.reason()).isEqualTo(Reason.CONNECTION_REFUSED));
        });
    }

    @OnEachBackend
    void whoAsksForTooMuchIsSentAwayAndTheNodeGoesOn(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid _ = Observer.start(self.node(), ADDRESS);
            try (Look look = Look.at(self)) {
                look.connection.writeAll("x".repeat(100_000).getBytes(StandardCharsets.UTF_8));
            } catch (IoException gone) {
                // Before all of it was written.
            }
            try (Look look = Look.at(self); Look other = Look.at(self)) {
                assertThat(look.ask("top pid 1").getFirst()).startsWith("node\t");
                assertThat(other.ask("top pid 1").getFirst()).startsWith("node\t");
            }
        });
    }

    @OnEachBackend
    void anAddressIsForOneNode(String backend) throws Exception {
        TestNode.run(backend, self -> {
            Pid _ = Observer.start(self.node(), ADDRESS);
            assertThatThrownBy(() -> Observer.start(self.node(), ADDRESS))
                    .isInstanceOfSatisfying(IoException.class, failed ->
                            assertThat(failed.reason()).isEqualTo(Reason.ADDRESS_IN_USE));
            Pid first = Observer.start(self.node());
            Pid second = Observer.start(self.node());
            assertThat(first.isAlive() && second.isAlive()).isTrue();
        });
    }
}
