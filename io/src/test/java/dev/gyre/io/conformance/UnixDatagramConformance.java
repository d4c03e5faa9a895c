package dev.gyre.io.conformance;

import static dev.gyre.io.DatagramOptions.Flag.CREDENTIALS;
import static dev.gyre.io.DatagramOptions.Flag.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.ConnectionPair;
import dev.gyre.io.ControlData;
import dev.gyre.io.Credentials;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.SocketType;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only Unix sockets of datagrams do: they say who sent each. */
@Tag("T13")
@Tag("T14")
abstract class UnixDatagramConformance {
    private static final DatagramOptions CURIOUS = DatagramOptions.DEFAULT.with(CREDENTIALS);
    private static final UnixAddress ANY = new UnixAddress("");

    /** What connections say of this process. */
    private static Credentials own(Io io) throws IoException {
        try (ConnectionPair pair = io.connectPair(SocketType.STREAM)) {
            return pair.first().peerCredentials();
        }
    }

    private static ControlData from(Credentials sender) {
        return new ControlData(null, 0, -1, -1, 0, null, sender);
    }

    private static Datagram bytes(int count) {
        return new Datagram(MemorySegment.ofArray(new byte[count]));
    }

    @Test
    void aDatagramSaysWhichProcessSentIt(Io io, @TempDir Path folder) throws Exception {
        ControlData expected = from(own(io));
        for (Sockets.Family family : List.of(Sockets.Family.UNIX_PATH, Sockets.Family.UNIX_ABSTRACT)) {
            for (Caller caller : Caller.values()) {
                try (DatagramSocket told = io.bind(family.fresh(folder), CURIOUS);
                        DatagramSocket other = io.bind(ANY, DatagramOptions.DEFAULT)) {
                    caller.run(io, () -> {
                        for (int length : new int[] {5, 0, 100}) {
                            other.send(bytes(length).address(told.localAddress()));
                            Datagram datagram = told.receive(MemorySegment.ofArray(new byte[10]));
                            assertThat(datagram.trueLength()).isEqualTo(length);
                            assertThat(datagram.address()).isEqualTo(other.localAddress());
                            assertThat(datagram.control()).isEqualTo(expected);
                            assertThat(datagram.flags().contains(Datagram.Flag.CONTROL_TRUNCATED)).isFalse();
                        }
                    });
                }
            }
        }
    }

    @Test
    void eachOfABatchSaysIt(Io io) throws Exception {
        ControlData expected = from(own(io));
        try (DatagramSocket told = io.bind(ANY, CURIOUS);
                DatagramSocket other = io.bind(ANY, DatagramOptions.DEFAULT);
                Arena arena = Arena.ofConfined()) {
            other.connect(told.localAddress());
            List<Datagram> rooms = Datagram.divide(arena.allocate(80), 8);
            for (int round = 0; round < 3; round++) {
                assertThat(other.send(List.of(bytes(1), bytes(0), bytes(3)))).isEqualTo(3);
                assertThat(told.receive(rooms)).isEqualTo(3);
                assertThat(rooms.subList(0, 3)).extracting(Datagram::length).containsExactly(1, 0, 3);
                assertThat(rooms.subList(0, 3)).extracting(Datagram::control).containsOnly(expected);
            }
            told.send(bytes(1).address(told.localAddress()));
            assertThat(told.tryReceive(rooms.getFirst())).as("to itself").isTrue();
            assertThat(rooms.getFirst().control()).isEqualTo(expected);
        }
    }

    /** What a room was told before, it does not say of another datagram. */
    @Test
    void whoDoesNotAskIsNotTold(Io io) throws Exception {
        try (DatagramSocket told = io.bind(ANY, CURIOUS);
                DatagramSocket other = io.bind(ANY, DatagramOptions.DEFAULT)) {
            Datagram room = bytes(10);
            other.send(bytes(1).address(told.localAddress()));
            told.receive(room);
            told.send(room);
            other.receive(room);
            assertThat(room.address()).isEqualTo(told.localAddress());
            assertThat(room.control()).isSameAs(ControlData.NONE);
        }
    }

    @Test
    void whatMakesNoSenseIsRefusedWithAdvice(Io io) throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> io.bind(Ip4Address.loopback(0), CURIOUS))
                .withMessageContaining("CREDENTIALS is not for a socket at 127.0.0.1:0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> io.bind(ANY, CURIOUS.with(TIMESTAMP)))
                .withMessageContaining("TIMESTAMP is not for");
        ControlData others = from(new Credentials(1, 0, 0));
        try (DatagramSocket unix = io.bind(ANY, CURIOUS);
                DatagramSocket udp = io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT)) {
            for (DatagramSocket socket : List.of(unix, udp)) {
                assertThatIllegalArgumentException().isThrownBy(() ->
                        socket.send(bytes(1).address(socket.localAddress()).controlToSend(others)));
                assertThat(socket.tryReceive(bytes(1))).isFalse();
            }
        }
    }
}
