package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.Address;
import dev.gyre.io.ConnectOptions;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.Direction;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Received;
import dev.gyre.io.SocketType;
import dev.gyre.io.Task;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Unix sockets can do besides what TCP can: pairs, messages, names that the kernel chooses, passing on. */
@Tag("T13")
@SuppressWarnings("try") // some are closed in the middle, too
abstract class UnixSocketConformance {
    private static final ListenOptions MESSAGES = ListenOptions.DEFAULT.withType(SocketType.SEQPACKET);
    private static final ConnectOptions TO_MESSAGES = ConnectOptions.DEFAULT.withType(SocketType.SEQPACKET);

    @ParameterizedTest
    @EnumSource
    void aPairIsConnected(SocketType type, Io io) throws Exception {
        for (Caller caller : Caller.values()) {
            caller.run(io, () -> {
                try (ConnectionPair pair = io.connectPair(type)) {
                    Sockets.assertConnected(pair.first(), pair.second());
                    Sockets.assertConnected(pair.second(), pair.first());
                    assertThat(pair.first().localAddress()).isEqualTo(new UnixAddress(""));
                    pair.first().close();
                    Sockets.assertEnds(pair.second());
                }
            });
        }
    }

    @Test
    void messagesKeepTheirBoundaries(Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : List.of(Sockets.Family.UNIX_PATH, Sockets.Family.UNIX_ABSTRACT)) {
            try (Listener listener = family.listen(io, folder, MESSAGES);
                    Connection client = io.connect(listener.localAddress(), TO_MESSAGES);
                    Connection server = listener.accept();
                    Arena arena = Arena.ofConfined()) {
                client.writeAll(new byte[] {1, 2, 3});
                client.writeAll(List.of(
                        MemorySegment.ofArray(new byte[] {4}), MemorySegment.ofArray(new byte[] {5, 6})));
                client.writeAll(new byte[1000]);
                client.writeAll(new byte[] {7});
                client.close();
                MemorySegment room = arena.allocate(100);
                assertThat(server.read(room)).isEqualTo(3);
                MemorySegment one = arena.allocate(1);
                assertThat(server.read(List.of(one, room))).isEqualTo(3);
                assertThat(one.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 4);
                assertThat(room.asSlice(0, 2).toArray(ValueLayout.JAVA_BYTE)).containsExactly(5, 6);
                assertThat(server.read(room)).as("the rest of the message is lost").isEqualTo(100);
                assertThat(server.read(room)).isEqualTo(1);
                assertThat(server.read(room)).isEqualTo(-1);
            }
        }
    }

    /** However full the socket is: each message arrives as it was written. */
    @Test
    void messagesArriveWholeUnderPressure(Io io) throws Exception {
        int count = 2000;
        try (ConnectionPair pair = io.connectPair(SocketType.SEQPACKET)) {
            Task<Object, Exception> writer = io.concurrent(() -> {
                try (Arena arena = Arena.ofConfined()) {
                    for (int i = 1; i <= count; i++) {
                        pair.first().writeAll(arena.allocate(i));
                    }
                }
                pair.first().close();
                return null;
            });
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment room = arena.allocate(count + 1);
                for (int i = 1; i <= count; i++) {
                    assertThat(pair.second().read(room)).isEqualTo(i);
                }
                assertThat(pair.second().read(room)).isEqualTo(-1);
            }
            writer.await();
        }
    }

    @Test
    void aMessageMayBeTooBig(Io io) throws Exception {
        try (ConnectionPair pair = io.connectPair(SocketType.SEQPACKET); Arena arena = Arena.ofConfined()) {
            for (MemorySegment much : List.of(
                    arena.allocate(900_000), arena.allocate(2_000_000), MemorySegment.ofArray(new byte[2_000_000]))) {
                assertFails(Operation.WRITE, Reason.MESSAGE_TOO_BIG, () -> pair.first().writeAll(much));
                assertFails(Operation.WRITE, Reason.MESSAGE_TOO_BIG, () -> pair.first().write(List.of(much, much)));
            }
            Sockets.assertConnected(pair.first(), pair.second());
        }
    }

    @Test
    @Tag("L3")
    void bothEndsMustBeOfOneType(Io io, @TempDir Path folder) throws Exception {
        try (Listener listener = Sockets.Family.UNIX_PATH.listen(io, folder, MESSAGES)) {
            assertFails(Operation.CONNECT, Reason.PROTOCOL_UNSUPPORTED, () -> io.connect(listener.localAddress()));
        }
        assertFails(Operation.LISTEN, Reason.SOCKET_TYPE_UNSUPPORTED,
                () -> io.listen(Ip4Address.loopback(0), MESSAGES));
        assertFails(Operation.CONNECT, Reason.SOCKET_TYPE_UNSUPPORTED,
                () -> io.connect(Ip4Address.loopback(1), TO_MESSAGES));
    }

    @Test
    @Tag("L1")
    void theKernelChoosesANameWhereThereIsNone(Io io) throws Exception {
        try (Listener listener = io.listen(new UnixAddress(""), ListenOptions.DEFAULT);
                Listener other = io.listen(new UnixAddress(""), ListenOptions.DEFAULT);
                Sockets.Pair pair = Sockets.Pair.open(io, listener)) {
            assertThat(((UnixAddress) listener.localAddress()).path()).startsWith("\0").hasSize(6);
            assertThat(other.localAddress()).isNotEqualTo(listener.localAddress());
            Sockets.assertConnected(pair.client(), pair.server());
        }
    }

    @Test
    @Tag("L2")
    void aStaleFileIsReplacedByThoseWhoAskForIt(Io io, @TempDir Path folder) throws Exception {
        ListenOptions replacing = ListenOptions.DEFAULT.withReplaceStale(true);
        Address address;
        try (Listener listener = Sockets.Family.UNIX_PATH.listen(io, folder)) {
            address = listener.localAddress();
            assertFails(Operation.LISTEN, Reason.ADDRESS_IN_USE, () -> io.listen(address, replacing));
            try (Sockets.Pair pair = Sockets.Pair.open(io, listener)) {
                Sockets.assertConnected(pair.client(), pair.server());
            }
        }
        assertFails(Operation.LISTEN, Reason.ADDRESS_IN_USE, () -> io.listen(address, ListenOptions.DEFAULT));
        try (Listener again = io.listen(address, replacing); Sockets.Pair pair = Sockets.Pair.open(io, again)) {
            Sockets.assertConnected(pair.client(), pair.server());
        }
        io.listen(address, replacing.withType(SocketType.SEQPACKET)).close();
        io.listen(address, replacing).close();
    }

    @Test
    void peersAreKnown(Io io, @TempDir Path folder) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io, Sockets.Family.UNIX_ABSTRACT, folder);
                Sockets.Pair tcp = Sockets.Pair.open(io)) {
            assertThat(pair.client().peerCredentials()).isEqualTo(pair.server().peerCredentials());
            assertThat(pair.client().peerCredentials().process()).isPositive();
            assertFails(Operation.PEER_CREDENTIALS, Reason.OPERATION_UNSUPPORTED,
                    () -> tcp.client().peerCredentials());
            pair.close();
            assertFails(Operation.PEER_CREDENTIALS, Reason.CLOSED, () -> pair.client().peerCredentials());
        }
    }

    @Test
    void onlyUnixSocketsPassAnythingOn(Io io) throws Exception {
        try (Sockets.Pair tcp = Sockets.Pair.open(io)) {
            MemorySegment one = MemorySegment.ofArray(new byte[1]);
            assertFails(Operation.WRITE, Reason.OPERATION_UNSUPPORTED,
                    () -> tcp.client().writeWith(one, List.of(tcp.server())));
            assertFails(Operation.READ, Reason.OPERATION_UNSUPPORTED, () -> tcp.client().readWith(one, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionIsPassedOn(SocketType type, Io io) throws Exception {
        for (Caller caller : Caller.values()) {
            caller.run(io, () -> {
                try (ConnectionPair way = io.connectPair(type); Sockets.Pair tcp = Sockets.Pair.open(io)) {
                    MemorySegment bytes = MemorySegment.ofArray(new byte[] {1, 2});
                    assertThat(way.first().writeWith(bytes, List.of(tcp.server()))).isEqualTo(2);
                    tcp.server().close();
                    MemorySegment room = MemorySegment.ofArray(new byte[10]);
                    try (Received received = way.second().readWith(room, 4)) {
                        assertThat(received.count()).isEqualTo(2);
                        assertThat(received.cut()).isFalse();
                        assertThat(received.passedCut()).isFalse();
                        assertThat(received.passed()).hasSize(1);
                        Connection passed = (Connection) received.passed().getFirst();
                        assertThat(passed.remoteAddress()).isEqualTo(tcp.client().localAddress());
                        Sockets.assertConnected(tcp.client(), passed);
                        passed.close();
                        Sockets.assertEnds(tcp.client());
                    }
                    way.first().close();
                    try (Received end = way.second().readWith(room, 4)) {
                        assertThat(end.count()).isEqualTo(-1);
                        assertThat(end.passed()).isEmpty();
                    }
                }
            });
        }
    }

    @Test
    void aListenerIsPassedOn(Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : List.of(Sockets.Family.IP4, Sockets.Family.UNIX_PATH)) {
            try (ConnectionPair way = io.connectPair(SocketType.STREAM);
                    Listener listener = family.listen(io, folder)) {
                way.first().writeWith(MemorySegment.ofArray(new byte[1]), List.of(listener, way.first()));
                listener.close();
                way.first().close();
                try (Received received = way.second().readWith(MemorySegment.ofArray(new byte[1]), 2)) {
                    assertThat(received.passed()).hasSize(2);
                    Listener passed = (Listener) received.passed().getFirst();
                    assertThat(passed.localAddress()).isEqualTo(listener.localAddress());
                    try (Connection client = io.connect(passed.localAddress()); Connection server = passed.accept()) {
                        Sockets.assertConnected(client, server);
                    }
                    Sockets.assertConnected((Connection) received.passed().getLast(), way.second());
                }
                Sockets.assertEnds(way.second());
            }
        }
    }

    /** What nobody has room for is closed, and the receiver hears of it. */
    @Test
    void whatNobodyTakesIsClosed(Io io) throws Exception {
        MemorySegment one = MemorySegment.ofArray(new byte[1]);
        for (int room : new int[] {0, 1, 2}) {
            try (ConnectionPair way = io.connectPair(SocketType.STREAM);
                    Sockets.Pair first = Sockets.Pair.open(io);
                    Sockets.Pair second = Sockets.Pair.open(io)) {
                way.first().writeWith(one, List.of(first.server(), second.server()));
                first.server().close();
                second.server().close();
                try (Received received = way.second().readWith(one, room)) {
                    assertThat(received.passed()).hasSize(room);
                    assertThat(received.passedCut()).isEqualTo(room < 2);
                }
                Sockets.assertEnds(first.client());
                Sockets.assertEnds(second.client());
            }
        }
        try (ConnectionPair way = io.connectPair(SocketType.STREAM); Sockets.Pair pair = Sockets.Pair.open(io)) {
            way.first().writeWith(one, List.of(pair.server()));
            pair.server().close();
            assertThat(Sockets.readOne(way.second())).as("read without what was passed").isZero();
            Sockets.assertEnds(pair.client());
            Sockets.writeOne(way.first(), 1);
        }
        try (ConnectionPair way = io.connectPair(SocketType.STREAM); Sockets.Pair pair = Sockets.Pair.open(io)) {
            way.first().writeWith(one, List.of(pair.server()));
            pair.server().close();
            way.close();
            Sockets.assertEnds(pair.client());
        }
    }

    /** Nobody hears of what came along: the read fails that has taken it. */
    @ParameterizedTest
    @EnumSource
    @Tag("T20")
    void whatComesWhereTheMemoryIsGoneIsClosed(Caller caller, Io io, @TempDir Path folder) throws Exception {
        MemorySegment one = MemorySegment.ofArray(new byte[1]);
        try (ConnectionPair way = io.connectPair(SocketType.STREAM); Sockets.Pair pair = Sockets.Pair.open(io)) {
            Arena arena = Arena.ofShared();
            MemorySegment gone = arena.allocate(1);
            Caller.Call<Received> reading = caller.start(io, () -> way.second().readWith(gone, 1)).blocked();
            if (!MemoryConformance.closeIfPossible(arena)) {
                throw new AssertionError("the arena is in use by a read that copies");
            }
            way.first().writeWith(one, List.of(pair.server()));
            pair.server().close();
            assertThatIllegalStateException().isThrownBy(reading::result);
            Sockets.assertEnds(pair.client());
        }
        try (ConnectionPair way = io.connectPair(SocketType.STREAM);
                Sockets.Pair pair = Sockets.Pair.open(io);
                Arena arena = Arena.ofShared()) {
            MemorySegment gone = MappedFiles.cut(folder.resolve("mapped"), 10_000, 0, arena);
            way.first().writeWith(one, List.of(pair.server()));
            pair.server().close();
            caller.run(io, () -> assertFails(Operation.READ, Reason.MEMORY_GONE, () -> way.second().readWith(gone, 1)));
            Sockets.assertEnds(pair.client());
        }
    }

    @Test
    void whatCannotBePassedIsRefused(Io io) throws Exception {
        MemorySegment one = MemorySegment.ofArray(new byte[1]);
        try (ConnectionPair way = io.connectPair(SocketType.STREAM); ConnectionPair other = io.connectPair(
                SocketType.STREAM)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> way.first().writeWith(one, List.of(io.currentDirectory())))
                    .withMessageContaining("current folder");
            assertThatIllegalArgumentException().isThrownBy(
                    () -> way.first().writeWith(one, Collections.nCopies(254, other.first())));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> way.first().writeWith(MemorySegment.ofArray(new byte[0]), List.of()));
            assertThatIllegalArgumentException().isThrownBy(() -> way.first().readWith(one, 254));
            assertThatIllegalArgumentException().isThrownBy(() -> way.first().readWith(one.asReadOnly(), 1));
            other.close();
            assertFails(Operation.WRITE, Reason.CLOSED, () -> way.first().writeWith(one, List.of(other.first())));
            way.second().shutdown(Direction.READ);
            assertFails(Operation.WRITE, Reason.BROKEN_PIPE,
                    () -> way.first().writeWith(one, List.of(way.first())));
            way.first().close();
            assertFails(Operation.READ, Reason.CLOSED, () -> way.first().readWith(one, 1));
        }
    }

    @Test
    void waitingForWhatIsPassedCanBeCanceled(Io io) throws Exception {
        try (ConnectionPair way = io.connectPair(SocketType.STREAM)) {
            for (int i = 0; i < 20; i++) {
                Task<Received, IoException> reader =
                        io.concurrent(() -> way.second().readWith(MemorySegment.ofArray(new byte[1]), 1));
                Sockets.cancel(reader);
            }
            Sockets.assertConnected(way.first(), way.second());
        }
    }

    @Test
    @Tag("T15")
    void interfacesHaveNumbersAndNames(Io io) throws Exception {
        int loopback = io.interfaceIndex("lo");
        assertThat(loopback).isPositive();
        assertThat(io.interfaceName(loopback)).isEqualTo("lo");
        for (String name : List.of("nope", "", "a-name-that-is-far-too-long")) {
            assertFails(Operation.FIND_INTERFACE, Reason.NO_DEVICE, () -> io.interfaceIndex(name));
        }
        for (int index : new int[] {0, -1, Integer.MAX_VALUE}) {
            assertFails(Operation.FIND_INTERFACE, Reason.NO_DEVICE, () -> io.interfaceName(index));
        }
    }

    @Test
    @Tag("T15")
    @Tag("T17")
    void theScopeOfAnAddressMayBeTheNameOfAnInterface(Io io) throws Exception {
        int loopback = io.interfaceIndex("lo");
        IpAddress address = io.parseAddress("fe80::1%lo", 80);
        assertThat(address).isEqualTo(Ip6Address.parse("fe80::1%" + loopback, 80));
        assertThat(((Ip6Address) address).scope()).isEqualTo(loopback);
        assertThat(io.parseAddress("[fe80::1%lo]", 80)).isEqualTo(address);
        assertThat(io.parseAddress("[fe80::1%7]", 80)).isEqualTo(Ip6Address.parse("fe80::1%7", 80));
        assertThat(io.parseAddress("192.0.2.1", 80)).isEqualTo(Ip4Address.parse("192.0.2.1", 80));
        IoException failure =
                catchThrowableOfType(IoException.class, () -> io.parseAddress("fe80::1%nope", 80));
        assertThat(failure).hasMessage("find network interface nope: no such device (ENODEV)");
        for (String wrong : List.of("fe80::1%", "nonsense%lo", "1.2.3.4%lo")) {
            assertThatIllegalArgumentException().isThrownBy(() -> io.parseAddress(wrong, 80));
        }
    }
}
