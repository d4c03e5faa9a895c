package dev.gyre.io.conformance;

import static dev.gyre.io.DatagramOptions.Flag.BROADCAST;
import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.Address;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketOption;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Datagrams, over UDP and Unix sockets. */
@Tag("T14")
abstract class DatagramConformance {
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    /** Makes a socket where nobody is. */
    static DatagramSocket open(Io io, Sockets.Family family, Path folder) throws IoException {
        try {
            return io.bind(family.fresh(folder), DatagramOptions.DEFAULT);
        } catch (IoException refused) {
            if (family == Sockets.Family.IP6 && (refused.reason() == Reason.ADDRESS_FAMILY_UNSUPPORTED
                    || refused.reason() == Reason.ADDRESS_NOT_AVAILABLE)) {
                throw Skip.because("bind to ::1", refused.getMessage());
            }
            throw refused;
        }
    }

    private static DatagramSocket open(Io io) throws IoException {
        return io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT);
    }

    private static MemorySegment bytes(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Datagram datagram) {
        return new String(datagram.payload().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private static MemorySegment room() {
        return MemorySegment.ofArray(new byte[256]);
    }

    @ParameterizedTest
    @EnumSource
    void arriveWithTheirBoundariesAndTheirSender(Sockets.Family family, Io io, @TempDir Path folder)
            throws Exception {
        try (DatagramSocket one = open(io, family, folder); DatagramSocket other = open(io, family, folder)) {
            one.send(bytes("first"), other.localAddress());
            one.send(NOTHING, other.localAddress());
            one.send(bytes("third"), other.localAddress());
            Datagram first = other.receive(room());
            assertThat(text(first)).isEqualTo("first");
            assertThat(first.address()).isEqualTo(one.localAddress());
            assertThat(first.flags()).isEmpty();
            Datagram second = other.receive(room());
            assertThat(second.length()).isZero();
            assertThat(second.address()).isEqualTo(one.localAddress());
            assertThat(text(other.receive(room()))).isEqualTo("third");
        }
    }

    @Test
    void thePortIsTheKernelsChoice(Io io) throws Exception {
        try (DatagramSocket socket = open(io)) {
            assertThat(((IpAddress) socket.localAddress()).port()).isPositive();
            assertThat(socket).hasToString("datagram socket " + socket.localAddress());
        }
    }

    @Test
    void anAbstractNameIsTheKernelsChoice(Io io) throws Exception {
        try (DatagramSocket socket = io.bind(new UnixAddress(""), DatagramOptions.DEFAULT)) {
            assertThat(((UnixAddress) socket.localAddress()).path()).startsWith("\0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatHasNoRoomIsTruncatedAndSaysHowLongItWas(Sockets.Family family, Io io, @TempDir Path folder)
            throws Exception {
        try (DatagramSocket one = open(io, family, folder); DatagramSocket other = open(io, family, folder)) {
            one.send(bytes("0123456789"), other.localAddress());
            one.send(bytes("next"), other.localAddress());
            Datagram cut = other.receive(MemorySegment.ofArray(new byte[4]));
            assertThat(text(cut)).isEqualTo("0123");
            assertThat(cut.isTruncated()).isTrue();
            assertThat(cut.trueLength()).isEqualTo(10);
            assertThat(cut.flags()).containsExactly(Datagram.Flag.TRUNCATED);
            Datagram next = other.receive(room());
            assertThat(text(next)).isEqualTo("next");
            assertThat(next.isTruncated()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void goToThePeerAndComeFromItWhereConnected(Sockets.Family family, Io io, @TempDir Path folder)
            throws Exception {
        try (DatagramSocket one = open(io, family, folder);
                DatagramSocket other = open(io, family, folder);
                DatagramSocket stranger = open(io, family, folder)) {
            assertThat(one.remoteAddress()).isNull();
            one.connect(other.localAddress());
            assertThat(one.remoteAddress()).isEqualTo(other.localAddress());
            one.send(bytes("to the peer"));
            Datagram arrived = other.receive(room());
            assertThat(text(arrived)).isEqualTo("to the peer");
            if (one.localAddress() instanceof IpAddress) {
                stranger.send(bytes("not heard"), one.localAddress());
            } else {
                assertFails(Operation.SEND, Reason.PERMISSION_DENIED,
                        () -> stranger.send(bytes("not heard"), one.localAddress()));
            }
            other.send(bytes("heard"), one.localAddress());
            assertThat(text(one.receive(room()))).isEqualTo("heard");
            Address before = one.localAddress();
            one.disconnect();
            assertThat(one.remoteAddress()).isNull();
            assertThat(one.localAddress()).isEqualTo(before);
            stranger.send(bytes("heard now"), before);
            assertThat(text(one.receive(room()))).isEqualTo("heard now");
            one.disconnect();
        }
    }

    @Test
    void theLocalAddressOfAConnectedSocketLeadsToItsPeer(Io io) throws Exception {
        try (DatagramSocket everywhere = io.bind(Ip4Address.unspecified(0), DatagramOptions.DEFAULT);
                DatagramSocket peer = open(io)) {
            int port = ((IpAddress) everywhere.localAddress()).port();
            assertThat(everywhere.localAddress()).isEqualTo(Ip4Address.unspecified(port));
            everywhere.connect(peer.localAddress());
            assertThat(everywhere.localAddress()).isEqualTo(Ip4Address.loopback(port));
            everywhere.disconnect();
            assertThat(everywhere.localAddress()).isEqualTo(Ip4Address.unspecified(port));
            peer.send(bytes("still here"), Ip4Address.loopback(port));
            assertThat(text(everywhere.receive(room()))).isEqualTo("still here");
        }
    }

    @ParameterizedTest
    @EnumSource
    void severalAreSentAndReceivedAtOnce(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        try (DatagramSocket one = open(io, family, folder);
                DatagramSocket other = open(io, family, folder);
                Arena arena = Arena.ofConfined()) {
            List<Datagram> sent = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sent.add(new Datagram(bytes("x".repeat(i))).address(other.localAddress()));
            }
            assertThat(one.send(sent)).isEqualTo(8);
            List<Datagram> rooms = Datagram.divide(arena.allocate(16 * 32), 16);
            int received = 0;
            while (received < 8) {
                int count = other.receive(rooms);
                for (int i = 0; i < count; i++) {
                    assertThat(text(rooms.get(i))).hasSize(received + i);
                    assertThat(rooms.get(i).address()).isEqualTo(one.localAddress());
                }
                received += count;
            }
            assertThat(one.send(List.of())).isZero();
            assertThat(other.receive(List.of())).isZero();
        }
    }

    @Test
    void aBatchThatFailsHalfwaySaysHowManyWent(Io io) throws Exception {
        try (DatagramSocket one = open(io); DatagramSocket other = open(io)) {
            Datagram good = new Datagram(bytes("good")).address(other.localAddress());
            Datagram bad = new Datagram(MemorySegment.ofArray(new byte[70_000])).address(other.localAddress());
            assertThat(one.send(List.of(good, good, bad, good))).isEqualTo(2);
            assertFails(Operation.SEND, Reason.MESSAGE_TOO_BIG, () -> one.send(List.of(bad, good)));
            other.receive(room());
            other.receive(room());
            assertThat(other.tryReceive(new Datagram(room()))).isFalse();
        }
    }

    /** More than the kernel is given at once. */
    @Test
    void aLongBatchGoesOutInOrder(Io io, @TempDir Path folder) throws Exception {
        int count = 1000;
        try (DatagramSocket one = open(io, Sockets.Family.UNIX_ABSTRACT, folder);
                DatagramSocket other = open(io, Sockets.Family.UNIX_ABSTRACT, folder)) {
            List<Datagram> batch = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                batch.add(new Datagram(bytes(Integer.toString(i))).address(other.localAddress()));
            }
            Caller.Call<Integer> sending = Caller.TASK.start(io, () -> one.send(batch));
            List<Datagram> rooms = Datagram.divide(MemorySegment.ofArray(new byte[7 * 16]), 7);
            int received = 0;
            while (received < count) {
                int some = other.receive(rooms);
                for (int i = 0; i < some; i++) {
                    assertThat(text(rooms.get(i))).isEqualTo(Integer.toString(received + i));
                }
                received += some;
            }
            assertThat(sending.result()).isEqualTo(count);
        }
    }

    @Test
    void tryReceiveDoesNotWait(Io io) throws Exception {
        try (DatagramSocket one = open(io); DatagramSocket other = open(io)) {
            Datagram room = new Datagram(room());
            assertThat(other.tryReceive(room)).isFalse();
            one.send(bytes("there"), other.localAddress());
            assertThat(other.tryReceive(room)).isTrue();
            assertThat(text(room)).isEqualTo("there");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiveWaits(Caller caller, Io io) throws Exception {
        try (DatagramSocket one = open(io); DatagramSocket other = open(io)) {
            Caller.Call<Datagram> receiving = caller.start(io, () -> other.receive(room())).blocked();
            one.send(bytes("at last"), other.localAddress());
            assertThat(text(receiving.result())).isEqualTo("at last");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiveThatIsCanceledTakesNothing(Caller caller, Io io) throws Exception {
        try (DatagramSocket one = open(io); DatagramSocket other = open(io)) {
            Stopping.assertStops(caller, io, () -> other.receive(room()));
            Failures.assertLate(io, Duration.ofMillis(10), () -> other.receive(room()));
            one.send(bytes("kept"), other.localAddress());
            assertThat(text(other.receive(room()))).isEqualTo("kept");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSendWaitsForRoomOnAUnixSocketAndCanBeCanceled(Caller caller, Io io, @TempDir Path folder)
            throws Exception {
        try (DatagramSocket one = open(io, Sockets.Family.UNIX_PATH, folder);
                DatagramSocket other = open(io, Sockets.Family.UNIX_PATH, folder)) {
            Address target = other.localAddress();
            long queued = fill(io, one, target);
            Stopping.assertStops(caller, io, () -> sent(one, "too many", target));
            Caller.Call<String> sending = caller.start(io, () -> sent(one, "last", target)).blocked();
            for (int i = 0; i < queued; i++) {
                assertThat(text(other.receive(room()))).isEqualTo("filler");
            }
            assertThat(sending.result()).isEqualTo("sent");
            assertThat(text(other.receive(room()))).isEqualTo("last");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSendWaitsForRoomAtThePeer(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (DatagramSocket one = open(io, Sockets.Family.UNIX_PATH, folder);
                DatagramSocket other = open(io, Sockets.Family.UNIX_PATH, folder)) {
            one.connect(other.localAddress());
            long queued = fill(io, one, null);
            Stopping.assertStops(caller, io, () -> sent(one, "too many", null));
            Caller.Call<String> sending = caller.start(io, () -> sent(one, "last", null)).blocked();
            for (int i = 0; i < queued; i++) {
                assertThat(text(other.receive(room()))).isEqualTo("filler");
            }
            assertThat(sending.result()).isEqualTo("sent");
            assertThat(text(other.receive(room()))).isEqualTo("last");
        }
    }

    private static String sent(DatagramSocket socket, String text, @Nullable Address target) throws IoException {
        socket.send(new Datagram(bytes(text)).address(target));
        return "sent";
    }

    /** Sends until the receiver's queue is full. How many it took. */
    private static long fill(Io io, DatagramSocket socket, @Nullable Address target) throws Exception {
        return Sockets.untilOneWaits(io, () -> {
            socket.send(new Datagram(bytes("filler")).address(target));
            return 1;
        });
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsWhatWaits(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (DatagramSocket full = open(io, Sockets.Family.UNIX_PATH, folder)) {
            DatagramSocket sender = open(io, Sockets.Family.UNIX_PATH, folder);
            fill(io, sender, full.localAddress());
            Caller.Call<String> sending =
                    caller.start(io, () -> sent(sender, "more", full.localAddress())).blocked();
            sender.close();
            assertFails(Operation.SEND, Reason.CLOSED, sending::result);
        }
        for (Sockets.Family family : List.of(Sockets.Family.IP4, Sockets.Family.UNIX_PATH)) {
            DatagramSocket receiver = open(io, family, folder);
            Caller.Call<Datagram> receiving = caller.start(io, () -> receiver.receive(room())).blocked();
            receiver.close();
            assertFails(Operation.RECEIVE, Reason.CLOSED, receiving::result);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsEachSendThatWaitsWhomeverItIsFor(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (DatagramSocket full = open(io, Sockets.Family.UNIX_PATH, folder);
                DatagramSocket fullToo = open(io, Sockets.Family.UNIX_PATH, folder);
                DatagramSocket other = open(io, Sockets.Family.UNIX_PATH, folder)) {
            DatagramSocket sender = open(io, Sockets.Family.UNIX_PATH, folder);
            fill(io, sender, full.localAddress());
            fill(io, sender, fullToo.localAddress());
            Caller.Call<String> first =
                    caller.start(io, () -> sent(sender, "more", full.localAddress())).blocked();
            Caller.Call<String> second =
                    caller.start(io, () -> sent(sender, "more", fullToo.localAddress())).blocked();
            sender.send(bytes("passes by"), other.localAddress());
            sender.close();
            assertFails(Operation.SEND, Reason.CLOSED, first::result);
            assertFails(Operation.SEND, Reason.CLOSED, second::result);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSendThatWaitsHearsThatItsReceiverCloses(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (DatagramSocket sender = open(io, Sockets.Family.UNIX_PATH, folder)) {
            DatagramSocket full = open(io, Sockets.Family.UNIX_PATH, folder);
            Address address = full.localAddress();
            fill(io, sender, address);
            Caller.Call<String> sending = caller.start(io, () -> sent(sender, "more", address)).blocked();
            full.close();
            assertFails(Operation.SEND, Reason.CONNECTION_REFUSED, sending::result);
        }
    }

    @Test
    void nothingWorksAfterTheEnd(Io io) throws Exception {
        DatagramSocket socket = open(io);
        Address address = socket.localAddress();
        socket.close();
        socket.close();
        assertFails(Operation.SEND, Reason.CLOSED, () -> socket.send(bytes("x"), address));
        assertFails(Operation.RECEIVE, Reason.CLOSED, () -> socket.receive(room()));
        assertFails(Operation.RECEIVE, Reason.CLOSED, () -> socket.tryReceive(new Datagram(room())));
        assertFails(Operation.CONNECT, Reason.CLOSED, () -> socket.connect(address));
        assertFails(Operation.CONNECT, Reason.CLOSED, socket::disconnect);
        assertFails(Operation.LOCAL_ADDRESS, Reason.CLOSED, socket::localAddress);
        assertFails(Operation.REMOTE_ADDRESS, Reason.CLOSED, socket::remoteAddress);
        try (DatagramSocket again = io.bind(address, DatagramOptions.DEFAULT)) {
            assertThat(again.localAddress()).isEqualTo(address);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAddressHasOneSocket(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        try (DatagramSocket socket = open(io, family, folder)) {
            assertFails(Operation.BIND, Reason.ADDRESS_IN_USE,
                    () -> io.bind(socket.localAddress(), DatagramOptions.DEFAULT));
        }
    }

    static List<SocketOption<Boolean>> sharing() {
        return List.of(SocketOption.REUSE_ADDRESS, SocketOption.REUSE_PORT);
    }

    @ParameterizedTest
    @MethodSource("sharing")
    void anAddressHasSeveralSocketsThatAllSaySo(SocketOption<Boolean> option, Io io) throws Exception {
        DatagramOptions shared = DatagramOptions.DEFAULT.withOption(option, true);
        try (DatagramSocket one = io.bind(Ip4Address.loopback(0), shared);
                DatagramSocket other = io.bind(one.localAddress(), shared);
                DatagramSocket sender = open(io)) {
            assertFails(Operation.BIND, Reason.ADDRESS_IN_USE,
                    () -> io.bind(one.localAddress(), DatagramOptions.DEFAULT));
            sender.send(bytes("for one of them"), one.localAddress());
            Datagram room = new Datagram(room());
            assertThat(other.tryReceive(room) || one.tryReceive(room)).isTrue();
        }
    }

    @Test
    void aSocketOfIp6HearsIp4UnlessItIsForIp6Alone(Io io) throws Exception {
        try (DatagramSocket sender = open(io)) {
            try (DatagramSocket both = io.bind(Ip6Address.unspecified(0), DatagramOptions.DEFAULT)) {
                int port = ((IpAddress) both.localAddress()).port();
                sender.send(bytes("over IPv4"), Ip4Address.loopback(port));
                Datagram datagram = both.receive(room());
                assertThat(datagram.address()).isEqualTo(Ip6Address.mapped((Ip4Address) sender.localAddress()));
                both.send(bytes("answer"), datagram.address());
                both.send(bytes("again"), sender.localAddress());
                assertThat(text(sender.receive(room()))).isEqualTo("answer");
                assertThat(text(sender.receive(room()))).isEqualTo("again");
            } catch (IoException refused) {
                throw Skip.because("bind to ::", refused.getMessage());
            }
            try (DatagramSocket ip6 = io.bind(
                            Ip6Address.unspecified(0), DatagramOptions.DEFAULT.withOption(SocketOption.IP6_ONLY, true));
                    DatagramSocket ip4 = io.bind(
                            Ip4Address.unspecified(((IpAddress) ip6.localAddress()).port()),
                            DatagramOptions.DEFAULT)) {
                sender.send(bytes("for IPv4"), Ip4Address.loopback(((IpAddress) ip4.localAddress()).port()));
                assertThat(text(ip4.receive(room()))).isEqualTo("for IPv4");
                assertThat(ip6.tryReceive(new Datagram(room()))).isFalse();
                assertFails(Operation.SEND, Reason.NETWORK_UNREACHABLE,
                        () -> ip6.send(bytes("x"), sender.localAddress()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLongestDatagramArrivesAndOneByteMoreIsTooMuch(Sockets.Family family, Io io, @TempDir Path folder)
            throws Exception {
        int longest = switch (family) {
            case IP4 -> 65_507;
            case IP6 -> 65_527;
            case UNIX_PATH, UNIX_ABSTRACT -> 100_000;
        };
        try (DatagramSocket one = open(io, family, folder); DatagramSocket other = open(io, family, folder)) {
            byte[] content = new byte[longest];
            content[longest - 1] = 7;
            one.send(MemorySegment.ofArray(content), other.localAddress());
            Datagram arrived = other.receive(MemorySegment.ofArray(new byte[longest]));
            assertThat(arrived.payload().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
            boolean ip = family == Sockets.Family.IP4 || family == Sockets.Family.IP6;
            for (int length : new int[] {ip ? longest + 1 : 300_000, 4 << 20}) {
                assertFails(Operation.SEND, Reason.MESSAGE_TOO_BIG,
                        () -> one.send(MemorySegment.ofArray(new byte[length]), other.localAddress()));
            }
        }
    }

    @Test
    void withoutAnAddressThereMustBeAPeer(Io io, @TempDir Path folder) throws Exception {
        try (DatagramSocket udp = open(io); DatagramSocket unix = open(io, Sockets.Family.UNIX_PATH, folder)) {
            assertFails(Operation.SEND, Reason.NO_DESTINATION, () -> udp.send(bytes("x")));
            assertFails(Operation.SEND, Reason.NO_DESTINATION, () -> unix.send(bytes("x")));
        }
    }

    @Test
    void aConnectedSocketHearsThatNobodyIsThere(Io io) throws Exception {
        Address nobody;
        try (DatagramSocket closed = open(io)) {
            nobody = closed.localAddress();
        }
        try (DatagramSocket socket = open(io)) {
            socket.connect(nobody);
            socket.send(bytes("anybody?"));
            assertFails(Operation.RECEIVE, Reason.CONNECTION_REFUSED, () -> socket.receive(room()));
            assertThat(socket.tryReceive(new Datagram(room()))).isFalse();
            socket.send(bytes("anybody?"));
            Eventually.await("the next send hears of it", () -> {
                try {
                    socket.send(bytes("anybody?"));
                    return false;
                } catch (IoException failure) {
                    assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_REFUSED);
                    return true;
                }
            });
        }
        try (DatagramSocket socket = open(io)) {
            socket.send(bytes("anybody?"), nobody);
            assertThat(socket.tryReceive(new Datagram(room()))).isFalse();
        }
    }

    @Test
    void aUnixSocketHearsAtOnceThatNobodyIsThere(Io io, @TempDir Path folder) throws Exception {
        Address closed;
        try (DatagramSocket socket = open(io, Sockets.Family.UNIX_PATH, folder)) {
            closed = socket.localAddress();
        }
        try (DatagramSocket socket = open(io, Sockets.Family.UNIX_PATH, folder)) {
            assertFails(Operation.SEND, Reason.CONNECTION_REFUSED, () -> socket.send(bytes("x"), closed));
            Address missing = Sockets.Family.UNIX_PATH.fresh(folder);
            assertFails(Operation.SEND, Reason.FILE_NOT_FOUND, () -> socket.send(bytes("x"), missing));
            assertFails(Operation.CONNECT, Reason.FILE_NOT_FOUND, () -> socket.connect(missing));
        }
    }

    @Test
    void aBroadcastNeedsTheOption(Io io) throws Exception {
        try (DatagramSocket socket = open(io);
                DatagramSocket allowed = io.bind(
                        Ip4Address.loopback(0), DatagramOptions.DEFAULT.with(BROADCAST))) {
            Address everybody = IpAddress.parse("255.255.255.255", 9);
            assertFails(Operation.SEND, Reason.ACCESS_DENIED, () -> socket.send(bytes("x"), everybody));
            assertThat(allowed.localAddress()).isNotNull();
        }
    }

    @Test
    void whatCannotBeAnAddressIsRefusedWithAdvice(Io io, @TempDir Path folder) throws Exception {
        try (DatagramSocket udp = open(io); DatagramSocket unix = open(io, Sockets.Family.UNIX_PATH, folder)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> udp.send(bytes("x"), Ip4Address.loopback(0)))
                    .withMessageContaining("port 0");
            assertFails(Operation.SEND, Reason.ADDRESS_FAMILY_UNSUPPORTED,
                    () -> udp.send(bytes("x"), unix.localAddress()));
            assertFails(Operation.SEND, Reason.ADDRESS_FAMILY_UNSUPPORTED,
                    () -> unix.send(bytes("x"), udp.localAddress()));
            assertFails(Operation.SEND, Reason.ADDRESS_FAMILY_UNSUPPORTED,
                    () -> udp.send(bytes("x"), Ip6Address.loopback(9)));
            assertFails(Operation.CONNECT, Reason.ADDRESS_FAMILY_UNSUPPORTED,
                    () -> udp.connect(unix.localAddress()));
        }
        assertThatIllegalArgumentException().isThrownBy(
                () -> io.bind(new UnixAddress(""), DatagramOptions.DEFAULT.with(BROADCAST)));
        assertThatIllegalArgumentException().isThrownBy(
                () -> DatagramOptions.DEFAULT.withOption(SocketOption.DEFER_ACCEPT, Duration.ofSeconds(1)));
        for (SocketOption<Boolean> option : List.of(SocketOption.KEEP_ALIVE, SocketOption.RESET_ON_CLOSE)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DatagramOptions.DEFAULT.withOption(option, true))
                    .withMessageContaining(option.name());
        }
    }

    @Test
    void optionsCanBeSetAndRead(Io io) throws Exception {
        DatagramOptions options = DatagramOptions.DEFAULT.withOption(SocketOption.RECEIVE_BUFFER, 100_000);
        try (DatagramSocket socket = io.bind(Ip4Address.loopback(0), options)) {
            assertThat(socket.option(SocketOption.RECEIVE_BUFFER)).isEqualTo(200_000);
            socket.setOption(SocketOption.HOP_LIMIT, 7);
            assertThat(socket.option(SocketOption.HOP_LIMIT)).isEqualTo(7);
            for (SocketOption<Boolean> option : List.of(
                    SocketOption.NO_DELAY, SocketOption.KEEP_ALIVE, SocketOption.RESET_ON_CLOSE)) {
                assertThat(assertFails(Operation.SET_OPTION, Reason.OPTION_UNSUPPORTED,
                        () -> socket.setOption(option, true))).hasMessageContaining(option.name());
                assertFails(Operation.GET_OPTION, Reason.OPTION_UNSUPPORTED, () -> socket.option(option));
            }
            assertThatIllegalArgumentException().isThrownBy(() -> socket.setOption(SocketOption.CORK, true))
                    .withMessageContaining("TCP_CORK is for connections");
        }
        assertFails(Operation.SET_OPTION, Reason.OPTION_UNSUPPORTED, () -> io.bind(
                Ip4Address.loopback(0), DatagramOptions.DEFAULT.withOption(SocketOption.IP6_ONLY, true)));
    }

    @Test
    void anAddressOfAnotherMachineCannotBeBound(Io io) {
        assertFails(Operation.BIND, Reason.ADDRESS_NOT_AVAILABLE,
                () -> io.bind(IpAddress.parse("192.0.2.1", 0), DatagramOptions.DEFAULT));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T20")
    void memoryOfEveryKindIsTaken(Caller caller, Io io) throws Exception {
        try (DatagramSocket one = open(io); DatagramSocket other = open(io);
                Arena shared = Arena.ofShared(); Arena counted = io.arena()) {
            caller.run(io, () -> {
                try (Arena confined = Arena.ofConfined()) {
                    for (Arena arena : List.of(confined, shared, counted, Arena.ofAuto(), Arena.global())) {
                        MemorySegment memory = arena.allocate(16);
                        one.send(memory.copyFrom(bytes("0123456789abcdef")), other.localAddress());
                        Datagram datagram = other.receive(arena.allocate(12));
                        assertThat(text(datagram)).isEqualTo("0123456789ab");
                    }
                }
            });
            MemorySegment gone;
            try (Arena arena = Arena.ofConfined()) {
                gone = arena.allocate(8);
            }
            org.assertj.core.api.Assertions.assertThatIllegalStateException()
                    .isThrownBy(() -> one.send(gone, other.localAddress()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> other.receive(room().asReadOnly()));
        }
    }

    /** A file that was mapped became shorter. Of a batch, what comes before is sent. */
    @ParameterizedTest
    @EnumSource
    @Tag("T20")
    void memoryThatIsGoneIsAFailure(Caller caller, Io io, @TempDir Path folder) throws Exception {
        caller.run(io, () -> {
            try (DatagramSocket one = open(io); DatagramSocket other = open(io);
                    Arena confined = Arena.ofConfined(); Arena shared = Arena.ofShared()) {
                for (Arena arena : List.of(confined, shared, Arena.ofAuto(), Arena.global())) {
                    MemorySegment gone = MappedFiles.cut(folder.resolve("mapped"), 10_000, 0, arena);
                    Datagram good = new Datagram(bytes("good")).address(other.localAddress());
                    Datagram bad = new Datagram(gone).address(other.localAddress());
                    assertFails(Operation.SEND, Reason.MEMORY_GONE, () -> one.send(bad));
                    assertThat(one.send(List.of(good, good, bad, good))).isEqualTo(2);
                    assertThat(text(other.receive(room()))).isEqualTo("good");
                    assertFails(Operation.RECEIVE, Reason.MEMORY_GONE, () -> other.receive(gone));
                    one.send(good);
                    assertThat(text(other.receive(room()))).isEqualTo("good");
                }
            }
        });
    }

    @Test
    void manyTasksShareASocket(Io io) throws Exception {
        int count = 100;
        try (DatagramSocket one = open(io); DatagramSocket other = open(io)) {
            List<Caller.Call<String>> receiving = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                receiving.add(Caller.TASK.start(io, () -> text(other.receive(room()))));
            }
            for (int i = 0; i < count; i++) {
                one.send(bytes("number " + i), other.localAddress());
            }
            List<String> received = new ArrayList<>();
            for (Caller.Call<String> call : receiving) {
                received.add(io.within(Timeout.after(Duration.ofSeconds(20)), call::result));
            }
            assertThat(received).doesNotHaveDuplicates().hasSize(count);
        }
    }
}
