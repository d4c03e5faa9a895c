package dev.gyre.io.conformance;

import static dev.gyre.io.DatagramOptions.Flag.CREDENTIALS;
import static dev.gyre.io.DatagramOptions.Flag.DESTINATION;
import static dev.gyre.io.DatagramOptions.Flag.ERRORS;
import static dev.gyre.io.DatagramOptions.Flag.TIMESTAMP;
import static dev.gyre.io.DatagramOptions.Flag.TIME_TO_LIVE;
import static dev.gyre.io.DatagramOptions.Flag.TRAFFIC_CLASS;
import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.Address;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.ControlData;
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
import dev.gyre.io.Received;
import dev.gyre.io.SocketType;
import dev.gyre.io.Task;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sockets of datagrams that are passed over a Unix socket. */
@Tag("T13")
@Tag("T14")
@SuppressWarnings("try") // what is passed on is closed before, too
abstract class PassedDatagramConformance {
    private static final List<Sockets.Family> FAMILIES =
            List.of(Sockets.Family.IP4, Sockets.Family.UNIX_PATH, Sockets.Family.UNIX_ABSTRACT);

    private static DatagramSocket open(Io io, Address address, DatagramOptions.Flag... flags) throws IoException {
        return io.bind(address, DatagramOptions.DEFAULT.with(flags));
    }

    /** Passes a socket, closes it here, and returns what arrives. */
    private static DatagramSocket pass(Io io, SocketType type, DatagramSocket socket) throws IoException {
        MemorySegment one = MemorySegment.ofArray(new byte[1]);
        try (ConnectionPair way = io.connectPair(type)) {
            way.first().writeWith(one, List.of(socket));
            socket.close();
            Received received = way.second().readWith(one, 1);
            assertThat(received.passed()).hasSize(1);
            return (DatagramSocket) received.passed().getFirst();
        }
    }

    private static DatagramSocket pass(Io io, DatagramSocket socket) throws IoException {
        return pass(io, SocketType.STREAM, socket);
    }

    private static MemorySegment bytes(int count) {
        return MemorySegment.ofArray(new byte[count]);
    }

    private static void assertArrives(DatagramSocket from, DatagramSocket to, Address address) throws IoException {
        from.send(bytes(3), address);
        Datagram datagram = to.receive(bytes(10));
        assertThat(datagram.length()).isEqualTo(3);
        assertThat(datagram.address()).isEqualTo(from.localAddress());
    }

    private static Address everywhere(Address address) {
        return address instanceof IpAddress ip ? Ip4Address.loopback(ip.port()) : address;
    }

    @ParameterizedTest
    @EnumSource
    void aSocketGoesOnWhereItArrives(SocketType type, Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : FAMILIES) {
            for (Caller caller : Caller.values()) {
                caller.run(io, () -> {
                    try (DatagramSocket socket = open(io, family.fresh(folder));
                            DatagramSocket other = open(io, family.fresh(folder))) {
                        Address address = socket.localAddress();
                        other.send(bytes(7), address);
                        DatagramSocket passed = pass(io, type, socket);
                        try (passed) {
                            assertThat(passed.localAddress()).isEqualTo(address);
                            assertThat(passed).hasToString("datagram socket " + address);
                            assertThat(passed.remoteAddress()).isNull();
                            assertThat(passed.receive(bytes(10)).length()).as("what was there").isEqualTo(7);
                            assertArrives(other, passed, address);
                            assertArrives(passed, other, other.localAddress());
                        }
                        assertFails(Operation.RECEIVE, Reason.CLOSED, () -> passed.receive(bytes(1)));
                        assertNobodyIsAt(address, other);
                    }
                });
            }
        }
    }

    private static void assertNobodyIsAt(Address address, DatagramSocket other) throws IoException {
        if (address instanceof UnixAddress) {
            assertFails(Operation.SEND, Reason.CONNECTION_REFUSED, () -> other.send(bytes(1), address));
        } else {
            other.connect(address);
            other.send(bytes(1));
            assertFails(Operation.RECEIVE, Reason.CONNECTION_REFUSED, () -> other.receive(bytes(1)));
        }
    }

    @Test
    void aSocketIsToldWhatItWasMadeToBeTold(Io io) throws Exception {
        try (DatagramSocket other = open(io, Ip4Address.loopback(0));
                DatagramSocket curious = pass(io, open(io, Ip4Address.loopback(0),
                        DESTINATION, TIME_TO_LIVE, TRAFFIC_CLASS, TIMESTAMP, ERRORS));
                DatagramSocket plain = pass(io, open(io, Ip4Address.loopback(0)))) {
            other.send(bytes(1), curious.localAddress());
            ControlData control = curious.receive(bytes(1)).control();
            assertThat(control.address()).isEqualTo(Ip4Address.loopback(0));
            assertThat(control.interfaceIndex()).isEqualTo(io.interfaceIndex("lo"));
            assertThat(control.timeToLive()).isEqualTo(64);
            assertThat(control.trafficClass()).isZero();
            assertThat(control.timestamp()).isNotNull();
            other.send(bytes(1), plain.localAddress());
            assertThat(plain.receive(bytes(1)).control()).isSameAs(ControlData.NONE);
            Address gone = other.localAddress();
            other.close();
            curious.send(bytes(1), gone);
            assertFails(Operation.RECEIVE, Reason.CONNECTION_REFUSED, () -> curious.receive(bytes(1)));
            assertThat(curious.takeError().datagram().address()).isEqualTo(gone);
            assertThat(curious.takeError()).isNull();
        }
        try (DatagramSocket other = open(io, new UnixAddress(""));
                DatagramSocket told = pass(io, open(io, new UnixAddress(""), CREDENTIALS))) {
            other.send(bytes(1), told.localAddress());
            assertThat(told.receive(bytes(1)).control().credentials()).isNotNull();
        }
    }

    @Test
    void aSocketOfIp6IsToldOfBothVersions(Io io) throws Exception {
        DatagramSocket made;
        try {
            made = open(io, Ip6Address.unspecified(0), DESTINATION);
        } catch (IoException refused) {
            throw Skip.because("bind to ::", refused.getMessage());
        }
        try (DatagramSocket told = pass(io, made); DatagramSocket ip4 = open(io, Ip4Address.loopback(0))) {
            int port = ((IpAddress) told.localAddress()).port();
            ip4.send(bytes(1), Ip4Address.loopback(port));
            assertThat(told.receive(bytes(1)).control().address())
                    .isEqualTo(Ip6Address.mapped(Ip4Address.loopback(0)));
            told.send(bytes(1), Ip6Address.loopback(port));
            assertThat(told.receive(bytes(1)).control().address()).isEqualTo(Ip6Address.loopback(0));
        }
    }

    @Test
    void aSocketKeepsItsPeer(Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : FAMILIES) {
            boolean ip = family == Sockets.Family.IP4;
            try (DatagramSocket peer = open(io, family.fresh(folder));
                    DatagramSocket stranger = open(io, family.fresh(folder));
                    DatagramSocket socket = open(io, ip ? Ip4Address.unspecified(0) : family.fresh(folder))) {
                Address bound = socket.localAddress();
                socket.connect(peer.localAddress());
                try (DatagramSocket passed = pass(io, socket)) {
                    assertThat(passed.remoteAddress()).isEqualTo(peer.localAddress());
                    passed.send(bytes(2));
                    assertThat(peer.receive(bytes(10)).length()).isEqualTo(2);
                    passed.disconnect();
                    assertThat(passed.remoteAddress()).isNull();
                    assertThat(passed.localAddress()).isEqualTo(bound);
                    assertFails(Operation.SEND, Reason.NO_DESTINATION, () -> passed.send(bytes(1)));
                    assertArrives(stranger, passed, everywhere(bound));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsOnItIsWokenAndCanBeCanceled(Caller caller, Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : FAMILIES) {
            try (DatagramSocket passed = pass(io, open(io, family.fresh(folder)));
                    DatagramSocket other = open(io, family.fresh(folder))) {
                Task<Datagram, IoException> canceled = io.concurrent(() -> passed.receive(bytes(1)));
                Sockets.cancel(canceled);
                Caller.Call<Datagram> waiting = caller.start(io, () -> passed.receive(bytes(10))).blocked();
                other.send(bytes(4), passed.localAddress());
                assertThat(waiting.result().length()).isEqualTo(4);
                assertThat(passed.tryReceive(new Datagram(bytes(1)))).isFalse();
                Caller.Call<Datagram> closed = caller.start(io, () -> passed.receive(bytes(10))).blocked();
                passed.close();
                assertFails(Operation.RECEIVE, Reason.CLOSED, closed::result);
            }
        }
    }

    /** The receiver, not the sender, is full. */
    @ParameterizedTest
    @EnumSource
    void aSendWaitsForRoom(Caller caller, Io io) throws Exception {
        int count = 2000;
        try (DatagramSocket receiver = open(io, new UnixAddress(""));
                DatagramSocket passed = pass(io, open(io, new UnixAddress("")))) {
            Address to = receiver.localAddress();
            Caller.Call<Integer> sending = caller.start(io, () -> {
                for (int i = 0; i < count; i++) {
                    passed.send(bytes(i % 5), to);
                }
                return count;
            }).blocked();
            for (int i = 0; i < count; i++) {
                assertThat(receiver.receive(bytes(5)).length()).isEqualTo(i % 5);
            }
            assertThat(sending.result()).isEqualTo(count);
        }
    }

    /** Each datagram goes to one of the two. */
    @Test
    void bothSidesHaveItOpen(Io io) throws Exception {
        MemorySegment one = bytes(1);
        try (ConnectionPair way = io.connectPair(SocketType.SEQPACKET);
                DatagramSocket socket = open(io, new UnixAddress(""));
                DatagramSocket other = open(io, new UnixAddress(""))) {
            Address address = socket.localAddress();
            way.first().writeWith(one, List.of(socket, socket));
            try (Received received = way.second().readWith(one, 2)) {
                for (int i = 0; i < 3; i++) {
                    other.send(bytes(i), address);
                }
                assertThat(socket.receive(bytes(9)).length()).isZero();
                DatagramSocket first = (DatagramSocket) received.passed().getFirst();
                assertThat(first.receive(bytes(9)).length()).isEqualTo(1);
                socket.close();
                first.close();
                DatagramSocket second = (DatagramSocket) received.passed().getLast();
                assertThat(second.receive(bytes(9)).length()).isEqualTo(2);
                assertArrives(other, second, address);
            }
            assertNobodyIsAt(address, other);
        }
    }

    @Test
    void whatNobodyTakesIsClosed(Io io) throws Exception {
        MemorySegment one = bytes(1);
        try (DatagramSocket other = open(io, new UnixAddress(""))) {
            for (int taken = -1; taken < 1; taken++) {
                Address address;
                try (ConnectionPair way = io.connectPair(SocketType.STREAM);
                        DatagramSocket socket = open(io, new UnixAddress(""))) {
                    address = socket.localAddress();
                    way.first().writeWith(one, List.of(socket));
                    socket.close();
                    if (taken == 0) {
                        try (Received received = way.second().readWith(one, 0)) {
                            assertThat(received.passedCut()).isTrue();
                        }
                    } else {
                        other.send(bytes(1), address);
                    }
                }
                assertNobodyIsAt(address, other);
            }
        }
    }

    @Test
    void whatIsClosedIsNotPassed(Io io) throws Exception {
        try (ConnectionPair way = io.connectPair(SocketType.STREAM);
                DatagramSocket socket = open(io, Ip4Address.loopback(0));
                DatagramSocket closed = open(io, Ip4Address.loopback(0))) {
            closed.close();
            IoException failure = catchThrowableOfType(
                    IoException.class, () -> way.first().writeWith(bytes(1), List.of(socket, closed)));
            assertThat(failure.operation()).isEqualTo(Operation.WRITE);
            assertThat(failure.reason()).isEqualTo(Reason.CLOSED);
            assertThat(socket.localAddress()).isNotNull();
        }
    }
}
