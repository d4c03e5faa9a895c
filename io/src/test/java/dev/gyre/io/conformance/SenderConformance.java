package dev.gyre.io.conformance;

import static dev.gyre.io.SocketOption.PASS_CREDENTIALS;
import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.ConnectOptions;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.Credentials;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Received;
import dev.gyre.io.SocketType;
import dev.gyre.io.Task;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unix connections that say who wrote what is read. */
@Tag("T13")
abstract class SenderConformance {
    private static final MemorySegment FOUR = MemorySegment.ofArray(new byte[4]);

    /** What is said of a writer whom nobody asked for in time. */
    private static final Credentials NOBODY = new Credentials(0, 65534, 65534);

    private static Received read(Connection connection, int passedMax) throws IoException {
        return connection.readWith(MemorySegment.ofArray(new byte[100]), passedMax);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsReadSaysWhoWroteIt(SocketType type, Io io) throws Exception {
        for (Caller caller : Caller.values()) {
            try (ConnectionPair way = io.connectPair(type)) {
                Credentials own = way.first().peerCredentials();
                way.second().setOption(PASS_CREDENTIALS, true);
                assertThat(way.second().option(PASS_CREDENTIALS)).isTrue();
                assertThat(way.first().option(PASS_CREDENTIALS)).as("the other end").isFalse();
                caller.run(io, () -> {
                    for (int passedMax : new int[] {0, 1, 253}) {
                        assertThat(way.first().write(FOUR)).isEqualTo(4);
                        assertThat(read(way.second(), passedMax))
                                .isEqualTo(new Received(4, List.of(), false, false, own));
                    }
                    Sockets.writeOne(way.second(), 1);
                    assertThat(read(way.first(), 1).credentials()).as("the other direction").isNull();
                    way.first().close();
                    assertThat(read(way.second(), 1)).isEqualTo(new Received(-1, List.of(), false, false, null));
                });
            }
        }
    }

    /** What is passed finds the room for a sender that is not asked for any more: it is not taken for more of it. */
    @Test
    void theRoomOfASenderIsNotForWhatIsPassed(Io io) throws Exception {
        try (ConnectionPair way = io.connectPair(SocketType.STREAM)) {
            way.second().setOption(PASS_CREDENTIALS, true);
            CompletableFuture<Thread> reader = new CompletableFuture<>();
            Task<Received, IoException> reading = io.concurrent(() -> {
                reader.complete(Thread.currentThread());
                return read(way.second(), 1);
            });
            Blocked.await(reader.get());
            way.second().setOption(PASS_CREDENTIALS, false);
            way.first().writeWith(FOUR, Collections.nCopies(6, way.first()));
            try (Received received = reading.await()) {
                assertThat(received.passed()).hasSize(1);
                assertThat(received.passedCut()).isTrue();
                assertThat(received.credentials()).isNull();
            }
        }
    }

    /** There is room for what may be passed beside it, and for no more. */
    @ParameterizedTest
    @EnumSource
    void whatIsPassedComesAlong(SocketType type, Io io) throws Exception {
        try (ConnectionPair way = io.connectPair(type); ConnectionPair other = io.connectPair(SocketType.STREAM)) {
            Credentials own = way.first().peerCredentials();
            way.second().setOption(PASS_CREDENTIALS, true);
            for (int sent : new int[] {1, 2, 3, 253}) {
                for (int room : new int[] {0, 1, 2, 3, 253}) {
                    way.first().writeWith(FOUR, Collections.nCopies(sent, other.first()));
                    try (Received received = read(way.second(), room)) {
                        assertThat(received.passed()).hasSize(Math.min(sent, room));
                        assertThat(received.passedCut()).isEqualTo(room < sent);
                        assertThat(received.credentials()).isEqualTo(own);
                    }
                }
            }
            other.first().close();
            Sockets.assertEnds(other.second());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAListenerAcceptsSaysItFromTheBeginning(SocketType type, Io io, @TempDir Path folder) throws Exception {
        ListenOptions options = ListenOptions.DEFAULT.withType(type).withOption(PASS_CREDENTIALS, true);
        for (Sockets.Family family : List.of(Sockets.Family.UNIX_PATH, Sockets.Family.UNIX_ABSTRACT)) {
            try (Listener listener = io.listen(family.fresh(folder), options);
                    Connection client = io.connect(listener.localAddress(), ConnectOptions.DEFAULT.withType(type))) {
                client.writeAll(FOUR);
                try (Connection server = listener.accept(); Received received = read(server, 0)) {
                    assertThat(server.option(PASS_CREDENTIALS)).isTrue();
                    assertThat(received.credentials()).isEqualTo(server.peerCredentials());
                }
            }
        }
    }

    /** Its own address is then one that the kernel chose. */
    @Test
    void whoConnectsMayAskForIt(Io io, @TempDir Path folder) throws Exception {
        ConnectOptions curious = ConnectOptions.DEFAULT.withOption(PASS_CREDENTIALS, true);
        try (Listener listener = Sockets.Family.UNIX_PATH.listen(io, folder);
                Connection client = io.connect(listener.localAddress(), curious);
                Connection server = listener.accept()) {
            server.writeAll(FOUR);
            assertThat(read(client, 0).credentials()).isEqualTo(client.peerCredentials());
            assertThat(((UnixAddress) client.localAddress()).path()).startsWith("\0");
            assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
        }
    }

    /** Bytes whose writer is known are not read together with others. */
    @ParameterizedTest
    @EnumSource
    void ofWhatWasWrittenBeforeNobodyIsNamed(SocketType type, Io io) throws Exception {
        try (ConnectionPair way = io.connectPair(type)) {
            way.first().writeAll(FOUR);
            way.second().setOption(PASS_CREDENTIALS, true);
            way.first().writeAll(FOUR);
            assertThat(read(way.second(), 0)).isEqualTo(new Received(4, List.of(), false, false, NOBODY));
            Credentials own = way.first().peerCredentials();
            assertThat(read(way.second(), 0)).isEqualTo(new Received(4, List.of(), false, false, own));
            way.first().writeAll(FOUR);
            way.second().setOption(PASS_CREDENTIALS, false);
            assertThat(read(way.second(), 1)).isEqualTo(new Received(4, List.of(), false, false, null));
        }
    }

    /** Reads in other ways go on as they were. */
    @ParameterizedTest
    @EnumSource
    void whoReadsOtherwiseIsNotTold(SocketType type, Io io) throws Exception {
        try (ConnectionPair way = io.connectPair(type)) {
            way.second().setOption(PASS_CREDENTIALS, true);
            for (int i = 0; i < 5; i++) {
                Sockets.assertConnected(way.first(), way.second());
                way.first().writeAll(FOUR);
                assertThat(way.second().read(List.of(MemorySegment.ofArray(new byte[1]),
                        MemorySegment.ofArray(new byte[9])))).isEqualTo(4);
                way.first().writeAll(FOUR);
                assertThat(read(way.second(), 0).credentials()).isNotNull();
            }
        }
    }

    @Test
    void onlyUnixConnectionsHaveIt(Io io) throws Exception {
        try (Sockets.Pair tcp = Sockets.Pair.open(io);
                DatagramSocket datagrams = io.bind(new UnixAddress(""), DatagramOptions.DEFAULT)) {
            assertFails(Operation.SET_OPTION, Reason.OPTION_UNSUPPORTED,
                    () -> tcp.client().setOption(PASS_CREDENTIALS, true));
            assertFails(Operation.SET_OPTION, Reason.OPTION_UNSUPPORTED,
                    () -> datagrams.setOption(PASS_CREDENTIALS, true));
            assertFails(Operation.GET_OPTION, Reason.OPTION_UNSUPPORTED, () -> datagrams.option(PASS_CREDENTIALS));
        }
    }
}
