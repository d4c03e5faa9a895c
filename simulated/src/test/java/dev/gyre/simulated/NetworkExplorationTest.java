package dev.gyre.simulated;

import static dev.gyre.simulated.Orders.both;
import static dev.gyre.simulated.Orders.explore;
import static dev.gyre.simulated.Orders.outcome;
import static dev.gyre.simulated.Pair.AT_ONCE;
import static dev.gyre.simulated.Pair.buffer;
import static dev.gyre.simulated.Pair.drain;
import static dev.gyre.simulated.Pair.read;
import static dev.gyre.simulated.Pair.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Body;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sockets in every order that their operations can come in: no connection and no byte is lost, and nobody waits for
 * ever. That all is closed at the end is seen to by the simulation.
 */
@Tag("T7")
final class NetworkExplorationTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Timeout IN_A_SECOND = Timeout.after(SECOND);

    /** What a connection takes whose peer does not read, and one byte more. */
    private static final int TOO_MUCH = 64 * 1024 + 1;

    @Test
    @Tag("T3")
    @Tag("A3")
    void cancelAgainstTheConnectionThatIsAccepted() {
        Set<String> outcomes = explore(io -> {
            try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
                Task<String, IoException> accepting = io.concurrent(() -> {
                    listener.accept().close();
                    return "accepted";
                });
                Task<Connection, IoException> connecting =
                        io.concurrent(() -> io.connect(listener.localAddress()));
                String outcome = outcome(accepting);
                try (Connection client = connecting.await()) {
                    if (outcome.equals("canceled")) {
                        listener.accept().close();
                    }
                    assertThat(read(client)).as("its other end was accepted and closed").isEqualTo(-1);
                }
                return outcome;
            }
        });
        assertThat(outcomes).containsExactlyInAnyOrder("accepted", "canceled");
    }

    @Test
    @Tag("T3")
    void cancelAgainstThePlaceInTheQueue() {
        Set<String> outcomes = explore(io -> {
            try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT.withBacklog(1));
                    Connection first = io.connect(listener.localAddress())) {
                Task<String, IoException> connecting = io.concurrent(() -> {
                    io.connect(listener.localAddress()).close();
                    return "connected";
                });
                Task<Object, IoException> accepting = io.concurrent(() -> {
                    listener.accept().close();
                    return null;
                });
                String outcome = outcome(connecting);
                accepting.await();
                assertThat(read(first)).isEqualTo(-1);
                if (outcome.equals("connected")) {
                    listener.accept().close();
                }
                try (Connection next = io.within(AT_ONCE, () -> io.connect(listener.localAddress()));
                        Connection accepted = listener.accept()) {
                    assertThat(accepted.remoteAddress()).as("nobody else is in the queue")
                            .isEqualTo(next.localAddress());
                }
                return outcome;
            }
        });
        assertThat(outcomes).containsExactlyInAnyOrder("connected", "canceled");
    }

    @Test
    @Tag("T3")
    void cancelAgainstTheByteThatIsRead() {
        Set<String> outcomes = explore(io -> {
            try (Pair pair = Pair.open(io)) {
                Task<String, IoException> reading = io.concurrent(() -> "read " + read(pair.server()));
                Task<Object, IoException> writing = io.concurrent(() -> {
                    write(pair.client(), 7);
                    return null;
                });
                String outcome = outcome(reading);
                writing.await();
                if (outcome.equals("canceled")) {
                    assertThat(io.within(AT_ONCE, () -> read(pair.server()))).isEqualTo(7);
                }
                pair.client().shutdown(Direction.WRITE);
                assertThat(io.within(AT_ONCE, () -> read(pair.server()))).isEqualTo(-1);
                return outcome;
            }
        });
        assertThat(outcomes).containsExactlyInAnyOrder("read 7", "canceled");
    }

    @Test
    @Tag("T3")
    void cancelAgainstTheRoomThatIsWrittenTo() {
        Set<String> outcomes = explore(io -> {
            try (Pair pair = Pair.open(io)) {
                int filled = pair.client().write(buffer(TOO_MUCH));
                assertThat(filled).isEqualTo(TOO_MUCH - 1);
                Task<String, IoException> writing = io.concurrent(() -> {
                    write(pair.client(), 1);
                    return "written";
                });
                Task<Integer, IoException> reading = io.concurrent(() -> pair.server().read(buffer(10)));
                String outcome = outcome(writing);
                int taken = reading.await();
                pair.client().shutdown(Direction.WRITE);
                assertThat(taken + drain(pair.server())).isEqualTo(filled + (outcome.equals("written") ? 1 : 0));
                return outcome;
            }
        });
        assertThat(outcomes).containsExactlyInAnyOrder("written", "canceled");
    }

    /** What is there when the time is over is taken, or left for the next one. */
    @Test
    @Tag("T8")
    void theEndOfTheTimeAgainstTheByteThatIsRead() {
        Set<String> outcomes = explore(io -> {
            try (Pair pair = Pair.open(io)) {
                Task<String, Exception> reading =
                        io.concurrent(() -> inTime(() -> "read " + io.within(IN_A_SECOND, () -> read(pair.server()))));
                io.sleep(SECOND);
                write(pair.client(), 7);
                String outcome = reading.await();
                if (outcome.equals("timed out")) {
                    assertThat(io.within(AT_ONCE, () -> read(pair.server()))).isEqualTo(7);
                }
                return outcome;
            }
        });
        assertThat(outcomes).containsExactlyInAnyOrder("read 7", "timed out");
    }

    @Test
    @Tag("T8")
    void theEndOfTheTimeAgainstTheRoomThatIsWrittenTo() {
        Set<String> outcomes = explore(io -> {
            try (Pair pair = Pair.open(io)) {
                int filled = pair.client().write(buffer(TOO_MUCH));
                Task<String, Exception> writing = io.concurrent(() -> inTime(
                        () -> "written " + io.within(IN_A_SECOND, () -> pair.client().write(buffer(1)))));
                io.sleep(SECOND);
                int taken = pair.server().read(buffer(10));
                String outcome = writing.await();
                pair.client().shutdown(Direction.WRITE);
                assertThat(taken + drain(pair.server())).isEqualTo(filled + (outcome.equals("written 1") ? 1 : 0));
                return outcome;
            }
        });
        assertThat(outcomes).containsExactlyInAnyOrder("written 1", "timed out");
    }

    @Test
    @Tag("T8")
    void theEndOfTheTimeAgainstThePlaceInTheQueue() {
        Set<String> outcomes = explore(io -> {
            try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT.withBacklog(1));
                    Connection first = io.connect(listener.localAddress())) {
                Task<String, Exception> connecting = io.concurrent(() -> inTime(() -> {
                    io.within(IN_A_SECOND, () -> io.connect(listener.localAddress())).close();
                    return "connected";
                }));
                io.sleep(SECOND);
                listener.accept().close();
                assertThat(read(first)).isEqualTo(-1);
                return connecting.await();
            }
        });
        assertThat(outcomes).containsExactlyInAnyOrder("connected", "timed out");
    }

    /** Two tasks of six operations each, in every order. */
    @Test
    void aConversation() {
        explore(io -> {
            Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
            List<Integer> heard = new ArrayList<>();
            both(io, () -> {
                Connection client = io.connect(listener.localAddress());
                write(client, 1);
                heard.add(read(client));
                client.shutdown(Direction.WRITE);
                heard.add(read(client));
                client.close();
            }, () -> {
                Connection server = listener.accept();
                listener.close();
                heard.add(read(server));
                write(server, 2);
                heard.add(read(server));
                server.close();
            });
            assertThat(heard).containsExactly(1, 2, -1, -1);
            return null;
        });
    }

    @Test
    @Tag("A3")
    void everyConnectionIsAcceptedOnce() {
        explore(io -> {
            List<Connection> clients = new ArrayList<>();
            try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT.withBacklog(1))) {
                Task<Object, IoException> other = io.concurrent(() -> {
                    listener.accept().close();
                    return null;
                });
                Task<Object, IoException> connecting = io.concurrent(() -> {
                    for (int i = 0; i < 2; i++) {
                        Connection client = io.connect(listener.localAddress());
                        clients.add(client);
                        assertThat(read(client)).isEqualTo(-1);
                    }
                    return null;
                });
                listener.accept().close();
                other.await();
                connecting.await();
                for (Connection client : clients) {
                    client.close();
                }
                return null;
            }
        });
    }

    @Test
    void everyByteIsReadOnce() {
        Set<List<Integer>> orders = explore(io -> {
            try (Pair pair = Pair.open(io)) {
                List<Integer> heard = new ArrayList<>();
                Task<Object, IoException> writing = io.concurrent(() -> {
                    write(pair.client(), 1);
                    write(pair.client(), 2);
                    return null;
                });
                both(io, () -> heard.add(read(pair.server())),
                        () -> heard.add(read(pair.server())));
                writing.await();
                return heard;
            }
        });
        assertThat(orders).containsExactly(List.of(1, 2));
    }

    @Test
    @Tag("P9")
    void closeAgainstTheByteThatIsRead() {
        Set<Object> outcomes = explore(io -> {
            try (Pair pair = Pair.open(io)) {
                write(pair.client(), 7);
                Task<Object, IoException> reading = io.concurrent(() -> read(pair.server()));
                pair.server().close();
                try {
                    return reading.await();
                } catch (IoException failed) {
                    return failed.reason();
                }
            }
        });
        assertThat(outcomes).containsExactlyInAnyOrder(7, Reason.CLOSED);
    }

    /** A connection that is made while its listener closes is refused, or reset. */
    @Test
    @Tag("P9")
    void closeAgainstTheConnectionThatIsMade() {
        Set<Reason> outcomes = explore(io -> {
            Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
            Task<Reason, IoException> connecting = io.concurrent(() -> {
                try (Connection client = io.connect(listener.localAddress())) {
                    throw new AssertionError("read " + read(client));
                } catch (IoException failed) {
                    return failed.reason();
                }
            });
            listener.close();
            return connecting.await();
        });
        assertThat(outcomes).containsExactlyInAnyOrder(Reason.CONNECTION_REFUSED, Reason.CONNECTION_RESET);
    }

    private static String inTime(Body<String, Exception> transfer) throws Exception {
        try {
            return transfer.run();
        } catch (TimeoutException late) {
            return "timed out";
        }
    }
}
