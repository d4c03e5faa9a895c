package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.Address;
import dev.gyre.io.ConnectOptions;
import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Socket;
import dev.gyre.io.SocketOption;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The options of stream sockets. */
@Tag("T12")
@Tag("L2")
abstract class OptionConformance {

    /** Each with a value that is not its default and that any user may set. */
    static Stream<SocketOption.Setting<?>> settings() {
        return Stream.of(
                SocketOption.SEND_BUFFER.of(50_000),
                SocketOption.RECEIVE_BUFFER.of(50_000),
                SocketOption.HOP_LIMIT.of(17),
                SocketOption.TRAFFIC_CLASS.of(0x48),
                SocketOption.NO_DELAY.of(false),
                SocketOption.KEEP_ALIVE.of(true),
                SocketOption.KEEP_ALIVE_IDLE.of(Duration.ofSeconds(30)),
                SocketOption.KEEP_ALIVE_INTERVAL.of(Duration.ofSeconds(7)),
                SocketOption.KEEP_ALIVE_COUNT.of(3),
                SocketOption.RESET_ON_CLOSE.of(true),
                SocketOption.USER_TIMEOUT.of(Duration.ofMillis(12_345)),
                SocketOption.CONGESTION_CONTROL.of("reno"));
    }

    @ParameterizedTest
    @MethodSource("settings")
    <T> void isSetOnAConnection(SocketOption.Setting<T> setting, Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : List.of(Sockets.Family.IP4, Sockets.Family.IP6)) {
            try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                T before = pair.client().option(setting.option());
                assertThat(before).isNotEqualTo(setting.value());
                pair.client().setOption(setting.option(), setting.value());
                assertHas(pair.client(), setting);
                assertThat(pair.server().option(setting.option())).as("the other end").isEqualTo(before);
                Sockets.assertConnected(pair.client(), pair.server());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    <T> void isGivenToThoseWhoListenAndConnect(SocketOption.Setting<T> setting, Io io) throws Exception {
        ListenOptions listen = ListenOptions.DEFAULT.withOption(setting.option(), setting.value());
        ConnectOptions connect = ConnectOptions.DEFAULT.withOption(setting.option(), setting.value());
        try (Listener listener = io.listen(Ip4Address.loopback(0), listen);
                Connection client = io.connect(listener.localAddress(), connect);
                Connection server = listener.accept()) {
            assertHas(listener, setting);
            assertHas(client, setting);
            assertHas(server, setting);
            Sockets.assertConnected(client, server);
        }
    }

    /** The kernel doubles what is for buffers. */
    private static <T> void assertHas(Socket socket, SocketOption.Setting<T> setting) throws IoException {
        Object expected = setting.value();
        if (setting.option() == SocketOption.SEND_BUFFER || setting.option() == SocketOption.RECEIVE_BUFFER) {
            expected = 2 * (int) expected;
        }
        assertThat(socket.option(setting.option())).isEqualTo(expected);
    }

    @Test
    void everyOptionCanBeAskedFor(Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : List.of(Sockets.Family.IP4, Sockets.Family.IP6)) {
            try (Listener listener = family.listen(io, folder);
                    Sockets.Pair pair = Sockets.Pair.open(io, listener)) {
                for (SocketOption<?> option : SocketOption.all()) {
                    boolean other = switch (option.protocol()) {
                        case ANY, IP, TCP -> false;
                        case UNIX -> true;
                        case IP6 -> family == Sockets.Family.IP4;
                    };
                    for (Socket socket : List.of(listener, pair.client(), pair.server())) {
                        if (other) {
                            assertFails(Operation.GET_OPTION, Reason.OPTION_UNSUPPORTED, () -> socket.option(option));
                        } else {
                            assertThat((Object) socket.option(option)).isInstanceOf(option.type());
                        }
                    }
                }
                assertThat(pair.client().option(SocketOption.NO_DELAY)).isTrue();
                assertThat(pair.server().option(SocketOption.NO_DELAY)).isTrue();
                assertThat(pair.client().option(SocketOption.ERROR)).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNIX_PATH", "UNIX_ABSTRACT"})
    @Tag("T13")
    void aUnixSocketHasOnlyWhatAllHave(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
            pair.client().setOption(SocketOption.SEND_BUFFER, 50_000);
            assertThat(pair.client().option(SocketOption.SEND_BUFFER)).isEqualTo(100_000);
            IoException failure = assertFails(Operation.SET_OPTION, Reason.OPTION_UNSUPPORTED,
                    () -> pair.client().setOption(SocketOption.NO_DELAY, true));
            assertThat(failure).hasMessageContaining("TCP_NODELAY=true").hasMessageContaining("not supported");
            assertFails(Operation.GET_OPTION, Reason.OPTION_UNSUPPORTED,
                    () -> pair.client().option(SocketOption.HOP_LIMIT));
            ListenOptions options = ListenOptions.DEFAULT.withOption(SocketOption.KEEP_ALIVE, true);
            assertFails(Operation.SET_OPTION, Reason.OPTION_UNSUPPORTED,
                    () -> io.listen(family.fresh(folder), options));
        }
    }

    @Test
    void listenersHaveTheirOwn(Io io) throws Exception {
        ListenOptions options = ListenOptions.DEFAULT.withOption(SocketOption.FAST_OPEN, 5);
        try (Listener listener = io.listen(Ip4Address.loopback(0), options);
                Sockets.Pair pair = Sockets.Pair.open(io, listener)) {
            assertThat(listener.option(SocketOption.FAST_OPEN)).isEqualTo(5);
            listener.setOption(SocketOption.DEFER_ACCEPT, Duration.ofSeconds(2));
            assertThat(listener.option(SocketOption.DEFER_ACCEPT)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.client().setOption(SocketOption.FAST_OPEN, 1))
                    .withMessageContaining("TCP_FASTOPEN is for listeners");
            assertThatIllegalArgumentException().isThrownBy(() -> listener.setOption(SocketOption.CORK, true));
        }
    }

    @Test
    void whatIsDecidedWhenASocketIsMadeIsNotSetLater(Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            for (SocketOption<Boolean> option : List.of(SocketOption.REUSE_ADDRESS, SocketOption.REUSE_PORT,
                    SocketOption.IP6_ONLY, SocketOption.FAST_OPEN_CONNECT)) {
                assertThatIllegalArgumentException().isThrownBy(() -> pair.client().setOption(option, true))
                        .withMessageContaining(option.name()).withMessageContaining("options");
            }
        }
    }

    @Test
    @Tag("L3")
    void valuesThatTheKernelDoesNotKnowAreNamed(Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
                Sockets.Pair pair = Sockets.Pair.open(io, listener)) {
            assertFails(Operation.SET_OPTION, Reason.OPTION_VALUE_REFUSED,
                    () -> pair.client().setOption(SocketOption.CONGESTION_CONTROL, "nope"));
            ConnectOptions nowhere = ConnectOptions.DEFAULT.withOption(SocketOption.BIND_TO_DEVICE, "nope");
            assertFails(Operation.SET_OPTION, Reason.NO_DEVICE, () -> io.connect(listener.localAddress(), nowhere));
            ListenOptions strange = ListenOptions.DEFAULT.withOption(SocketOption.CONGESTION_CONTROL, "nope");
            IoException failure = assertFails(Operation.SET_OPTION, Reason.OPTION_VALUE_REFUSED,
                    () -> io.listen(Ip4Address.loopback(0), strange));
            assertThat(failure).hasMessageStartingWith("set option of 127.0.0.1:0 (TCP_CONGESTION=nope): ");
        }
    }

    @Test
    void aClosedSocketHasNoOptions(Io io) throws Exception {
        Sockets.Pair pair = Sockets.Pair.open(io);
        pair.close();
        assertFails(Operation.GET_OPTION, Reason.CLOSED, () -> pair.client().option(SocketOption.NO_DELAY));
        assertFails(Operation.SET_OPTION, Reason.CLOSED,
                () -> pair.client().setOption(SocketOption.NO_DELAY, false));
    }

    /** Two listeners at one port, each for its family; without the option the second would be refused. */
    @Test
    @Tag("T17")
    void aListenerMayBeForIp6Only(Io io, @TempDir Path folder) throws Exception {
        Sockets.Family.IP6.listen(io, folder).close();
        ListenOptions only = ListenOptions.DEFAULT.withOption(SocketOption.IP6_ONLY, true);
        for (int attempt = 1; ; attempt++) {
            try (Listener six = io.listen(Ip6Address.unspecified(0), only)) {
                assertThat(six.option(SocketOption.IP6_ONLY)).isTrue();
                int port = ((IpAddress) six.localAddress()).port();
                assertFails(Operation.CONNECT, Reason.CONNECTION_REFUSED, () -> io.connect(Ip4Address.loopback(port)));
                assertEachFamilyHasItsListener(io, six, port);
                return;
            } catch (IoException taken) {
                // Somebody else on this machine may have the port that was chosen for IPv6, for IPv4.
                if (taken.reason() != Reason.ADDRESS_IN_USE || attempt == 20) {
                    throw taken;
                }
            }
        }
    }

    private static void assertEachFamilyHasItsListener(Io io, Listener six, int port) throws IoException {
        try (Listener four = io.listen(Ip4Address.unspecified(port), ListenOptions.DEFAULT);
                Connection client4 = io.connect(Ip4Address.loopback(port));
                Connection client6 = io.connect(Ip6Address.loopback(port));
                Connection server4 = four.accept();
                Connection server6 = six.accept()) {
            Sockets.assertConnected(client4, server4);
            Sockets.assertConnected(client6, server6);
        }
    }

    @Test
    void connectsFromAnAddressOfTheCallers(Io io, @TempDir Path folder) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
            ConnectOptions other = ConnectOptions.DEFAULT.withLocal(Ip4Address.parse("127.0.0.9", 0));
            try (Connection client = io.connect(listener.localAddress(), other);
                    Connection server = listener.accept()) {
                assertThat(((Ip4Address) client.localAddress()).host()).isEqualTo("127.0.0.9");
                assertThat(((Ip4Address) client.localAddress()).port()).isPositive();
                assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
                Sockets.assertConnected(client, server);
                // The very same address is taken, and the failure says so.
                ConnectOptions taken = ConnectOptions.DEFAULT.withLocal(client.localAddress());
                assertFails(Operation.CONNECT, Reason.ADDRESS_IN_USE,
                        () -> io.connect(listener.localAddress(), taken));
            }
            ConnectOptions elsewhere = ConnectOptions.DEFAULT.withLocal(Ip4Address.parse("192.0.2.1", 0));
            IoException failure = assertFails(Operation.CONNECT, Reason.ADDRESS_NOT_AVAILABLE,
                    () -> io.connect(listener.localAddress(), elsewhere));
            assertThat(failure).hasMessageContaining("from 192.0.2.1:0");
            ConnectOptions wrong = ConnectOptions.DEFAULT.withLocal(Ip6Address.loopback(0));
            assertThatIllegalArgumentException().isThrownBy(() -> io.connect(listener.localAddress(), wrong))
                    .withMessageContaining("another family");
        }
    }

    @Test
    @Tag("T13")
    void connectsFromAUnixAddress(Io io, @TempDir Path folder) throws Exception {
        try (Listener listener = Sockets.Family.UNIX_PATH.listen(io, folder)) {
            Address mine = Sockets.Family.UNIX_ABSTRACT.fresh(folder);
            for (Address local : List.of(mine, new UnixAddress(""))) {
                try (Connection client =
                                io.connect(listener.localAddress(), ConnectOptions.DEFAULT.withLocal(local));
                        Connection server = listener.accept()) {
                    UnixAddress named = (UnixAddress) client.localAddress();
                    assertThat(named.path()).startsWith("\0");
                    assertThat(server.remoteAddress()).isEqualTo(named);
                }
            }
        }
    }

    @Test
    void resetsWhatItCloses(Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            pair.client().setOption(SocketOption.RESET_ON_CLOSE, true);
            pair.client().close();
            assertFails(Operation.READ, Reason.CONNECTION_RESET, () -> Sockets.readOne(pair.server()));
        }
    }

    /** However many small writes follow each other, and whatever they are held back by: in the end all are there. */
    @ParameterizedTest
    @MethodSource("holdingBack")
    void whatIsHeldBackArrives(SocketOption.Setting<Boolean> setting, Io io) throws Exception {
        int count = 200;
        try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofConfined()) {
            pair.client().setOption(setting.option(), setting.value());
            for (int i = 0; i < count; i++) {
                Sockets.writeOne(pair.client(), i);
            }
            pair.client().setOption(setting.option(), !setting.value());
            MemorySegment all = arena.allocate(count);
            Sockets.readFully(pair.server(), all);
            assertThat(pair.client().option(setting.option())).isEqualTo(!setting.value());
            Sockets.assertConnected(pair.client(), pair.server());
        }
    }

    static Stream<SocketOption.Setting<?>> holdingBack() {
        return Stream.of(SocketOption.CORK.of(true), SocketOption.NO_DELAY.of(false));
    }
}
