package dev.gyre.names;

import static dev.gyre.names.TestIo.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Clock;
import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.IpFamily;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Connecting to a host by its name (RFC 8305). */
@Tag("T16")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.gyre.names.TestIo#realBackends")
final class ConnectByNameTest {
    private static final int BACKLOG_FILL = 16;

    @Parameter
    String backend;

    @TempDir
    Path folder;

    /** Listens at ::1 and 127.0.0.1 on one port. */
    private record Pair(Listener six, Listener four, int port) implements AutoCloseable {
        static Pair listen(Io io, ListenOptions six) throws IoException {
            while (true) {
                Listener first = io.listen(Ip6Address.loopback(0), six);
                int port = ((IpAddress) first.localAddress()).port();
                try {
                    return new Pair(first, io.listen(Ip4Address.loopback(port), ListenOptions.DEFAULT), port);
                } catch (IoException taken) {
                    first.close();
                    if (taken.reason() != Reason.ADDRESS_IN_USE) {
                        throw taken;
                    }
                }
            }
        }

        @Override
        public void close() throws IoException {
            six.close();
            four.close();
        }
    }

    /** Connects to a listener until it lets nobody in any more: the kernel drops what comes then. */
    private static List<Connection> fill(Io io, IpAddress address) throws IoException {
        List<Connection> filling = new ArrayList<>();
        for (int i = 0; i < BACKLOG_FILL; i++) {
            try {
                filling.add(io.within(Timeout.after(Duration.ofMillis(300)), () -> io.connect(address)));
            } catch (TimeoutException full) {
                return filling;
            }
        }
        throw new AssertionError("the listener at " + address + " takes any number of connections");
    }

    @Test
    void ip6IsPreferred() throws Exception {
        TestIo.run(backend, folder, test -> {
            test.hosts("127.0.0.1 both", "::1 both");
            try (Pair pair = Pair.listen(test.io(), ListenOptions.DEFAULT);
                    Connection connection = test.io().connect("both", pair.port, test.options())) {
                assertThat(connection.remoteAddress()).isEqualTo(Ip6Address.loopback(pair.port));
                // Nothing was begun at the other one.
                assertThatThrownBy(() -> test.io().within(Timeout.after(Duration.ofMillis(20)), pair.four::accept))
                        .isInstanceOf(TimeoutException.class);
            }
        });
    }

    @Test
    void aBlackHoleIsPassedByAfterAQuarterOfASecond() throws Exception {
        TestIo.run(backend, folder, test -> {
            test.hosts("127.0.0.1 both", "::1 both");
            Io io = test.io();
            try (Pair pair = Pair.listen(io, ListenOptions.DEFAULT.withBacklog(1))) {
                List<Connection> filling = fill(io, Ip6Address.loopback(pair.port));
                Timestamp start = io.now(Clock.AWAKE);
                try (Connection connection = io.connect("both", pair.port, test.options())) {
                    assertThat(connection.remoteAddress()).isEqualTo(Ip4Address.loopback(pair.port));
                    assertThat(io.now(Clock.AWAKE).since(start))
                            .isBetween(Duration.ofMillis(250), Duration.ofSeconds(20));
                }
                filling.forEach(Connection::close);
            }
        });
    }

    @Test
    void aRefusalLeadsToTheNextAtOnce() throws Exception {
        TestIo.run(backend, folder, test -> {
            test.hosts("::1 both", "127.0.0.1 both");
            Io io = test.io();
            try (Listener four = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
                int port = ((IpAddress) four.localAddress()).port();
                try (Connection connection = io.connect("both", port, test.options())) {
                    assertThat(connection.remoteAddress()).isEqualTo(Ip4Address.loopback(port));
                }
                assertFails(Reason.CONNECTION_REFUSED,
                        () -> io.connect("both", port, test.options().withFamily(IpFamily.IP6)));
            }
        });
    }

    @Test
    void whenAllFailTheFirstFailureIsToldWithTheOthers() throws Exception {
        TestIo.run(backend, folder, test -> {
            test.hosts("::1 both", "127.0.0.1 both", "127.0.0.2 both");
            Io io = test.io();
            int port;
            try (Listener gone = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
                port = ((IpAddress) gone.localAddress()).port();
            }
            assertThatThrownBy(() -> io.connect("both", port, test.options()))
                    .isInstanceOfSatisfying(IoException.class, failed -> {
                        assertThat(failed.operation()).isEqualTo(Operation.CONNECT);
                        assertThat(failed.reason()).isEqualTo(Reason.CONNECTION_REFUSED);
                        assertThat(failed.getSuppressed()).hasSize(2);
                    });
        });
    }

    @Test
    void theFailureOfTheLookupIsToldAsWhatItIs() throws Exception {
        TestIo.run(backend, folder, test -> {
            try (LyingServer server = LyingServer.start(test.io(), ask -> ask.reply(org.xbill.DNS.Rcode.NXDOMAIN))) {
                assertFails(Reason.UNKNOWN_HOST,
                        () -> test.io().connect("none.example", 80, test.options(server.address())));
                assertFails(Reason.BAD_HOST_NAME, () -> test.io().connect("a b", 80, test.options()));
                for (int port : List.of(-1, 0, 65_536)) {
                    assertThatThrownBy(() -> test.io().connect("none.example", port, test.options(server.address())))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("port " + port + " is not within 1..65535");
                }
            }
        });
    }

    @Test
    void ip6MayComeALittleLater() throws Exception {
        TestIo.run(backend, folder, test -> {
            Io io = test.io();
            LyingServer.Script script = ask -> {
                if (ask.isFor6()) {
                    io.sleep(Duration.ofMillis(5));
                    ask.reply(LyingServer.aaaa(ask.name(), "::1"));
                } else {
                    ask.reply(LyingServer.a(ask.name(), "127.0.0.1"));
                }
            };
            try (LyingServer server = LyingServer.start(io, script);
                    Pair pair = Pair.listen(io, ListenOptions.DEFAULT);
                    Connection connection = io.connect("both.example", pair.port, test.options(server.address()))) {
                assertThat(connection.remoteAddress()).isEqualTo(Ip6Address.loopback(pair.port));
            }
        });
    }

    @Test
    void aFamilyThatIsNotAnsweredHoldsNobodyUp() throws Exception {
        TestIo.run(backend, folder, test -> {
            Io io = test.io();
            test.resolvConf("options timeout:30");
            LyingServer.Script script = ask -> {
                if (!ask.isFor6()) {
                    ask.reply(LyingServer.a(ask.name(), "127.0.0.1"));
                }
            };
            try (LyingServer server = LyingServer.start(io, script);
                    Pair pair = Pair.listen(io, ListenOptions.DEFAULT)) {
                Timestamp start = io.now(Clock.AWAKE);
                try (Connection connection = io.connect("four.example", pair.port, test.options(server.address()))) {
                    assertThat(connection.remoteAddress()).isEqualTo(Ip4Address.loopback(pair.port));
                }
                assertThat(io.now(Clock.AWAKE).since(start)).isLessThan(Duration.ofSeconds(20));
            }
        });
    }

    @Test
    void literalsNeedNoLookup() throws Exception {
        TestIo.run(backend, folder, test -> {
            Io io = test.io();
            try (Listener six = io.listen(Ip6Address.loopback(0), ListenOptions.DEFAULT)) {
                int port = ((IpAddress) six.localAddress()).port();
                // The files are not looked at: a folder in their place would be an error.
                LookupOptions none = test.options();
                io.currentDirectory().makeDirectory(folder.resolve("hosts").toString());
                for (String host : List.of("::1", "[::1]", "0:0:0:0:0:0:0:1")) {
                    io.connect(host, port, none).close();
                }
            }
        });
    }

    @Test
    void canceledAtAnyMomentNothingIsLeft() throws Exception {
        TestIo.run(backend, folder, test -> {
            Io io = test.io();
            test.hosts("127.0.0.1 both", "::1 both");
            try (Pair pair = Pair.listen(io, ListenOptions.DEFAULT.withBacklog(1))) {
                List<Connection> filling = fill(io, Ip6Address.loopback(pair.port));
                for (int i = 0; i < 40; i++) {
                    Task<Connection, IoException> task =
                            io.concurrent(() -> io.connect("both", pair.port, test.options()));
                    io.sleep(i < 36 ? Duration.ofNanos(i * 40_000L) : Duration.ofMillis(240 + (i - 36) * 5));
                    try {
                        task.cancel().close();
                    } catch (CanceledException expected) {
                        // Or it was in time.
                    }
                }
                filling.forEach(Connection::close);
            }
        });
    }

    @Test
    void withoutFurtherTasksAddressesAreTriedInTurn() throws Exception {
        TestIo.run(backend, folder, test -> {
            Io io = test.io();
            test.hosts("::1 both", "127.0.0.1 both");
            try (Listener four = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
                int port = ((IpAddress) four.localAddress()).port();
                for (int limit = 0; limit < 4; limit++) {
                    io.setConcurrentLimit(limit);
                    try (Connection connection = io.connect("both", port, test.options())) {
                        assertThat(connection.remoteAddress()).isEqualTo(Ip4Address.loopback(port));
                    }
                }
            }
        });
    }
}
