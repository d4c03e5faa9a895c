package dev.gyre.simulated;

import static dev.gyre.simulated.Pair.AT_ONCE;
import static dev.gyre.simulated.Pair.buffer;
import static dev.gyre.simulated.Pair.read;
import static dev.gyre.simulated.Pair.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.Address;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Direction;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketType;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the network of a simulation does beyond what every backend's does. */
@Tag("S2")
final class NetworkTest {
    private static final ListenOptions SHARED = ListenOptions.DEFAULT.withReusePort(true);

    @Test
    void portsAreTheSameInEachRun() {
        for (long seed = 0; seed < 5; seed++) {
            simulate(seed, io -> {
                try (Listener first = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
                        Listener second = io.listen(Ip6Address.loopback(0), ListenOptions.DEFAULT);
                        Connection client = io.connect(first.localAddress())) {
                    assertThat(List.of(first.localAddress(), second.localAddress(), client.localAddress()))
                            .containsExactly(
                                    Ip4Address.loopback(32_768), Ip6Address.loopback(32_769),
                                    Ip4Address.loopback(32_770));
                }
                return null;
            });
        }
    }

    @Test
    void portsRunOut() {
        simulate(1, io -> {
            List<Connection> clients = new ArrayList<>();
            try (Listener listener =
                    io.listen(Ip4Address.loopback(80), ListenOptions.DEFAULT.withBacklog(1 << 16))) {
                for (int port = 32_768; port <= 60_999; port++) {
                    clients.add(io.connect(listener.localAddress()));
                }
                assertThat(reason(() -> io.connect(listener.localAddress())))
                        .isEqualTo(Reason.EPHEMERAL_PORTS_EXHAUSTED);
                clients.removeLast().close();
                clients.add(io.connect(listener.localAddress()));
            }
            clients.forEach(Connection::close);
            return null;
        });
    }

    @Test
    void aListenerEverywhereIsReachedOverBothFamilies() {
        simulate(2, io -> {
            try (Listener listener = io.listen(Ip6Address.unspecified(80), ListenOptions.DEFAULT)) {
                for (IpAddress address : List.of(Ip4Address.loopback(80), Ip4Address.unspecified(80),
                        Ip6Address.loopback(80), Ip6Address.unspecified(80), Ip4Address.parse("127.1.2.3", 80))) {
                    try (Connection client = io.connect(address); Connection server = listener.accept()) {
                        assertThat(server.localAddress()).isEqualTo(mapped(client.remoteAddress()));
                        assertThat(server.remoteAddress()).isEqualTo(mapped(client.localAddress()));
                    }
                    assertThat(reason(() -> io.listen(address, ListenOptions.DEFAULT)))
                            .as("it has them all").isEqualTo(Reason.ADDRESS_IN_USE);
                }
            }
            return null;
        });
    }

    @Test
    void theClosestListenerGetsTheConnection() {
        simulate(3, io -> {
            try (Listener one = io.listen(Ip4Address.parse("127.0.0.1", 80), ListenOptions.DEFAULT);
                    Listener other = io.listen(Ip4Address.parse("127.0.0.2", 80), ListenOptions.DEFAULT)) {
                io.connect(other.localAddress()).close();
                other.accept().close();
                assertThat(reason(() -> io.connect(Ip4Address.parse("127.0.0.3", 80))))
                        .isEqualTo(Reason.CONNECTION_REFUSED);
                assertThat(one.localAddress()).isEqualTo(Ip4Address.loopback(80));
            }
            return null;
        });
    }

    @Test
    void thereIsNoOtherMachine() {
        simulate(4, io -> {
            assertThat(reason(() -> io.connect(Ip4Address.parse("192.0.2.1", 80))))
                    .isEqualTo(Reason.NETWORK_UNREACHABLE);
            assertThat(reason(() -> io.connect(Ip6Address.parse("2001:db8::1", 80))))
                    .isEqualTo(Reason.NETWORK_UNREACHABLE);
            assertThat(reason(() -> io.listen(Ip6Address.parse("2001:db8::1", 80), ListenOptions.DEFAULT)))
                    .isEqualTo(Reason.ADDRESS_NOT_AVAILABLE);
            return null;
        });
    }

    @Test
    void whoSharesAPortGetsAConnectionByChance() {
        Set<Boolean> outcomes = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            outcomes.add(simulate(seed, io -> {
                Listener first = io.listen(Ip4Address.loopback(80), SHARED);
                Listener second = io.listen(first.localAddress(), SHARED);
                try (first; Connection client = io.connect(first.localAddress())) {
                    second.close();
                    return isReset(io, client);
                }
            }));
        }
        assertThat(outcomes).containsExactlyInAnyOrder(true, false);
    }

    private static boolean isReset(Io io, Connection client) throws Exception {
        try {
            throw new AssertionError("read " + io.within(AT_ONCE, () -> read(client)));
        } catch (IoException failure) {
            assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_RESET);
            return true;
        } catch (TimeoutException stillWaiting) {
            return false;
        }
    }

    @Test
    void asManyWaitToBeAcceptedAsTheBacklogSays() {
        assertThat(Simulation.run(SimulationOptions.ofSeed(5), io -> {
            try (Listener listener = io.listen(Ip4Address.loopback(80), ListenOptions.DEFAULT.withBacklog(2));
                    Connection first = io.within(AT_ONCE, () -> io.connect(listener.localAddress()));
                    Connection second = io.within(AT_ONCE, () -> io.connect(listener.localAddress()))) {
                Timeout hour = Timeout.after(Duration.ofHours(1));
                assertThatThrownBy(() -> io.within(hour, () -> io.connect(listener.localAddress())))
                        .isInstanceOf(TimeoutException.class);
                listener.accept().close();
                io.within(AT_ONCE, () -> io.connect(listener.localAddress())).close();
                return List.of(first, second);
            }
        }).elapsed()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void theEndThatClosesFirstKeepsItsPortForAMinute() {
        simulate(6, io -> {
            ListenOptions exclusive = ListenOptions.DEFAULT.withReuseAddress(false);
            try (Listener listener = io.listen(Ip4Address.loopback(80), exclusive);
                    Connection client = io.connect(listener.localAddress())) {
                listener.accept().close();
                assertThat(read(client)).isEqualTo(-1);
            }
            io.sleep(Duration.ofSeconds(59));
            assertThat(reason(() -> io.listen(Ip4Address.loopback(80), exclusive))).isEqualTo(Reason.ADDRESS_IN_USE);
            io.sleep(Duration.ofSeconds(1));
            io.listen(Ip4Address.loopback(80), exclusive).close();
            return null;
        });
    }

    @Test
    void thePathOfASocketStaysTaken() {
        simulate(7, io -> {
            UnixAddress path = new UnixAddress("/run/gyre.socket");
            assertThat(reason(() -> io.connect(path))).isEqualTo(Reason.FILE_NOT_FOUND);
            io.listen(path, ListenOptions.DEFAULT).close();
            assertThat(reason(() -> io.connect(path))).isEqualTo(Reason.CONNECTION_REFUSED);
            assertThat(reason(() -> io.listen(path, ListenOptions.DEFAULT))).isEqualTo(Reason.ADDRESS_IN_USE);
            return null;
        });
    }

    @Test
    void abstractNamesAreGivenAndTakenBack() {
        simulate(8, io -> {
            Address given;
            try (Listener listener = io.listen(new UnixAddress(""), ListenOptions.DEFAULT)) {
                given = listener.localAddress();
                assertThat(given).isEqualTo(new UnixAddress("\00000000"));
                io.connect(given).close();
                listener.accept().close();
            }
            assertThat(reason(() -> io.connect(given))).isEqualTo(Reason.CONNECTION_REFUSED);
            io.listen(given, ListenOptions.DEFAULT).close();
            return null;
        });
    }

    @Test
    void aResetIsHeardOnceAfterWhatHadArrived() {
        simulate(14, io -> {
            try (Pair pair = Pair.open(io)) {
                write(pair.server(), 1);
                write(pair.client(), 2);
                pair.server().close();
                assertThat(io.within(AT_ONCE, () -> read(pair.client()))).isEqualTo(1);
                assertThat(reason(() -> io.within(AT_ONCE, () -> read(pair.client()))))
                        .isEqualTo(Reason.CONNECTION_RESET);
                assertThat(io.within(AT_ONCE, () -> read(pair.client()))).isEqualTo(-1);
                assertThat(reason(() -> write(pair.client(), 3))).isEqualTo(Reason.BROKEN_PIPE);
            }
            return null;
        });
    }

    @Test
    void whatIsSentToAPeerThatClosedIsAnsweredByAReset() {
        simulate(9, io -> {
            try (Pair pair = Pair.open(io)) {
                pair.server().close();
                write(pair.client(), 1);
                assertThat(reason(() -> write(pair.client(), 2))).isEqualTo(Reason.BROKEN_PIPE);
                assertThat(io.within(AT_ONCE, () -> read(pair.client()))).as("it had ended before").isEqualTo(-1);
                assertThat(reason(() -> pair.client().shutdown(Direction.WRITE))).isEqualTo(Reason.NOT_CONNECTED);
                assertThat(reason(() -> pair.client().remoteAddress())).isEqualTo(Reason.NOT_CONNECTED);
            }
            return null;
        });
    }

    @Test
    void aDirectionThatIsNotReadTakesEverything() {
        simulate(10, io -> {
            try (Pair pair = Pair.open(io)) {
                write(pair.client(), 1);
                pair.server().shutdown(Direction.READ);
                assertThat(io.within(AT_ONCE, () -> read(pair.server()))).isEqualTo(-1);
                pair.client().writeAll(buffer(1_000_000), AT_ONCE);
                write(pair.server(), 2);
                assertThat(io.within(AT_ONCE, () -> read(pair.client()))).isEqualTo(2);
            }
            return null;
        });
    }

    @Test
    void whatIsLeftOpenIsAFailure() {
        assertThatThrownBy(() -> simulate(11, io -> {
            Pair pair = Pair.open(io);
            pair.client().close();
            return io.listen(Ip4Address.loopback(80), ListenOptions.DEFAULT);
        })).isInstanceOf(SimulationFailure.class).hasMessageContaining("-Dgyre.simulated.seed=11").cause()
                .isInstanceOf(LeakError.class)
                .hasMessage("left open: listener 127.0.0.1:80, connection 127.0.0.1:32768");
    }

    @Test
    void whatTasksCloseWhenTheyAreCanceledIsNotLeftOpen() {
        simulate(12, io -> {
            Listener listener = io.listen(Ip4Address.loopback(80), ListenOptions.DEFAULT);
            Task<Connection, IoException> serving = io.concurrent(() -> {
                try (listener) {
                    return listener.accept();
                }
            });
            assertThat(serving.isDone()).isFalse();
            return null;
        });
    }

    @Test
    void aTaskThatWaitsForASocketIsReportedWithIt() {
        assertThatThrownBy(() -> simulate(13, io -> {
            try (Listener listener = io.listen(Ip4Address.loopback(80), ListenOptions.DEFAULT)) {
                return listener.accept();
            }
        })).cause()
                .isInstanceOf(DeadlockError.class)
                .hasMessageContaining("main: accept listener 127.0.0.1:80 for ever");
    }

    @Test
    void theSameSeedRunsTheSameWay() {
        Set<List<Integer>> orders = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            SimulationOptions options = SimulationOptions.ofSeed(seed);
            SimulationResult<List<Integer>> first = Simulation.run(options, NetworkTest::converse);
            assertThat(Simulation.run(options, NetworkTest::converse)).isEqualTo(first);
            orders.add(first.value());
        }
        assertThat(orders).hasSizeGreaterThan(10);
    }

    /** Several clients send a number each, and some of them are canceled, in an order that chance decides. */
    private static List<Integer> converse(Io io) throws Exception {
        List<Integer> heard = new ArrayList<>();
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT.withBacklog(1))) {
            List<Task<Object, IoException>> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                clients.add(io.concurrent(() -> {
                    try (Connection client = io.connect(listener.localAddress())) {
                        write(client, number);
                        return read(client);
                    }
                }));
            }
            Task<Object, IoException> server = io.concurrent(() -> {
                while (true) {
                    try (Connection connection = listener.accept()) {
                        heard.add(read(connection));
                    }
                }
            });
            for (Task<Object, IoException> client : clients) {
                try {
                    client.cancel();
                } catch (CanceledException stopped) {
                    heard.add(-2);
                }
            }
            assertThatThrownBy(server::cancel).isInstanceOf(CanceledException.class);
        }
        return heard;
    }

    private static Address mapped(Address address) {
        return address instanceof Ip4Address ip4 ? Ip6Address.mapped(ip4) : address;
    }

    private static <T> T simulate(long seed, Program<T> program) {
        return Simulation.run(SimulationOptions.ofSeed(seed), program).value();
    }

    /** What was to go there is lost, and no more than that. */
    @Test
    void whatFindsNoMemoryLeavesTheRestInOrder(@TempDir Path folder) {
        simulate(21, io -> {
            MemorySegment gone = Pair.gone(folder);
            try (Pair pair = Pair.open(io)) {
                write(pair.client(), 1);
                assertThat(reason(() -> pair.server().read(gone))).isEqualTo(Reason.MEMORY_GONE);
                assertThatThrownBy(() -> io.within(AT_ONCE, () -> read(pair.server())))
                        .as("the stream has not ended").isInstanceOf(TimeoutException.class);
                write(pair.client(), 2);
                assertThat(read(pair.server())).isEqualTo(2);
            }
            try (ConnectionPair way = io.connectPair(SocketType.SEQPACKET)) {
                way.first().write(buffer(5));
                way.first().write(buffer(7));
                assertThat(reason(() -> way.second().read(gone.asSlice(0, 2)))).isEqualTo(Reason.MEMORY_GONE);
                assertThat(way.second().read(buffer(10))).as("the next message").isEqualTo(7);
            }
            try (DatagramSocket socket = io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT)) {
                for (int i = 1; i <= 3; i++) {
                    socket.send(buffer(i), socket.localAddress());
                }
                List<Datagram> rooms = List.of(new Datagram(buffer(9)), new Datagram(gone), new Datagram(buffer(9)));
                assertThat(socket.receive(rooms)).isEqualTo(1);
                assertThat(rooms.getFirst().length()).isEqualTo(1);
                assertThat(socket.receive(buffer(9)).length()).isEqualTo(2);
            }
            return null;
        });
    }

    private static Reason reason(ThrowingCallable call) {
        return catchThrowableOfType(IoException.class, call).reason();
    }
}
