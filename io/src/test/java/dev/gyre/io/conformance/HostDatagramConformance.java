package dev.gyre.io.conformance;

import static dev.gyre.io.DatagramOptions.Flag.BROADCAST;
import static dev.gyre.io.DatagramOptions.Flag.COALESCE;
import static dev.gyre.io.DatagramOptions.Flag.DESTINATION;
import static dev.gyre.io.DatagramOptions.Flag.ERRORS;
import static dev.gyre.io.DatagramOptions.Flag.TIMESTAMP;
import static dev.gyre.io.DatagramOptions.Flag.TIME_TO_LIVE;
import static dev.gyre.io.DatagramOptions.Flag.TRAFFIC_CLASS;
import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.Address;
import dev.gyre.io.Clock;
import dev.gyre.io.ControlData;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramError;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.MulticastGroup;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketOption;
import dev.gyre.io.Timestamp;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a machine does with datagrams besides: control data, errors that come back, groups, segmentation. */
@Tag("T14")
abstract class HostDatagramConformance {
    private static final DatagramOptions CURIOUS =
            DatagramOptions.DEFAULT.with(DESTINATION, TIME_TO_LIVE, TRAFFIC_CLASS, TIMESTAMP);

    private static final DatagramOptions SHARED =
            DatagramOptions.DEFAULT.withOption(SocketOption.REUSE_ADDRESS, true);

    private static DatagramSocket open(Io io, DatagramOptions.Flag... flags) throws IoException {
        return io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT.with(flags));
    }

    private static DatagramSocket open6(Io io, Ip6Address address, DatagramOptions options) {
        try {
            return io.bind(address, options);
        } catch (IoException refused) {
            throw Skip.because("bind to " + address, refused.getMessage());
        }
    }

    private static int port(DatagramSocket socket) throws IoException {
        return ((IpAddress) socket.localAddress()).port();
    }

    private static int loopbackInterface(Io io) throws IoException {
        return io.interfaceIndex("lo");
    }

    private static Datagram text(String text) {
        return new Datagram(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(Datagram datagram) {
        return new String(datagram.payload().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private static MemorySegment room() {
        return MemorySegment.ofArray(new byte[256]);
    }

    @Test
    void controlDataTellsHowADatagramCame(Io io) throws Exception {
        try (DatagramSocket one = open(io); DatagramSocket other = io.bind(Ip4Address.unspecified(0), CURIOUS)) {
            Timestamp before = io.now(Clock.REAL);
            Ip4Address target = (Ip4Address) IpAddress.parse("127.0.0.5", port(other));
            one.send(text("plain").address(target));
            ControlData plain = other.receive(room()).control();
            assertThat(plain.address()).isEqualTo(target.withPort(0));
            assertThat(plain.interfaceIndex()).isEqualTo(loopbackInterface(io));
            assertThat(plain.timeToLive()).isEqualTo(64);
            assertThat(plain.trafficClass()).isZero();
            assertThat(plain.timestamp()).isBetween(before, io.now(Clock.REAL));
            assertThat(plain.segmentSize()).isZero();
            one.send(text("special").address(target)
                    .controlToSend(ControlData.NONE.withTimeToLive(7).withTrafficClass(0x28)));
            Datagram special = other.receive(room());
            assertThat(special.control().timeToLive()).isEqualTo(7);
            assertThat(special.control().trafficClass()).isEqualTo(0x28);
            assertThat(text(special)).isEqualTo("special");
        }
    }

    @Test
    void controlDataOverIp6(Io io) throws Exception {
        try (DatagramSocket one = open6(io, Ip6Address.loopback(0), DatagramOptions.DEFAULT);
                DatagramSocket ip4 = open(io);
                DatagramSocket other = open6(io, Ip6Address.unspecified(0), CURIOUS)) {
            one.send(text("special").address(Ip6Address.loopback(port(other)))
                    .controlToSend(ControlData.NONE.withTimeToLive(9).withTrafficClass(0xb8)));
            ControlData special = other.receive(room()).control();
            assertThat(special.address()).isEqualTo(Ip6Address.loopback(0));
            assertThat(special.interfaceIndex()).isEqualTo(loopbackInterface(io));
            assertThat(special.timeToLive()).isEqualTo(9);
            assertThat(special.trafficClass()).isEqualTo(0xb8);
            assertThat(special.timestamp()).isNotNull();
            ip4.send(text("mapped").address(Ip4Address.loopback(port(other))));
            ControlData mapped = other.receive(room()).control();
            assertThat(mapped.address()).isEqualTo(Ip6Address.mapped(Ip4Address.loopback(0)));
            assertThat(mapped.timeToLive()).isEqualTo(64);
        }
    }

    /** By its address, its mapped address, and as the peer. */
    @Test
    void controlDataGoesOverIp4FromASocketOfIp6(Io io) throws Exception {
        ControlData special = ControlData.NONE.withTimeToLive(7).withTrafficClass(0x28);
        try (DatagramSocket both = open6(io, Ip6Address.unspecified(0), DatagramOptions.DEFAULT);
                DatagramSocket ip4 = io.bind(Ip4Address.loopback(0), CURIOUS)) {
            Ip4Address target = (Ip4Address) ip4.localAddress();
            IpAddress other = IpAddress.parse("127.0.0.5", 0);
            for (Address to : new Address[] {target, Ip6Address.mapped(target), null}) {
                if (to == null) {
                    both.connect(target);
                }
                both.send(text("special").address(to).controlToSend(special));
                ControlData arrived = ip4.receive(room()).control();
                assertThat(arrived.timeToLive()).as("to %s", to).isEqualTo(7);
                assertThat(arrived.trafficClass()).as("to %s", to).isEqualTo(0x28);
                both.send(text("by lo").address(to)
                        .controlToSend(ControlData.NONE.withInterface(loopbackInterface(io))));
                assertThat(text(ip4.receive(room()))).isEqualTo("by lo");
                assertFails(Operation.SEND, Reason.NO_DEVICE, () -> both.send(
                        text("by none").address(to).controlToSend(ControlData.NONE.withInterface(99_999))));
                assertThatIllegalArgumentException().isThrownBy(() -> both.send(
                                text("x").address(to).controlToSend(ControlData.NONE.withTimeToLive(0))))
                        .withMessageContaining("IPv4");
            }
            both.disconnect();
            for (IpAddress from : List.of(other, Ip6Address.mapped((Ip4Address) other))) {
                both.send(text("from").address(target).controlToSend(ControlData.NONE.withAddress(from)));
                assertThat(((IpAddress) ip4.receive(room()).address()).withPort(0)).isEqualTo(other);
            }
            assertFails(Operation.SEND, Reason.ADDRESS_NOT_AVAILABLE, () -> both.send(
                    text("x").address(target).controlToSend(ControlData.NONE.withAddress(Ip6Address.loopback(0)))));
        }
    }

    @Test
    void aTimeToLiveOfNothingIsForIp6(Io io) throws Exception {
        try (DatagramSocket ip4 = open(io);
                DatagramSocket ip6 = open6(io, Ip6Address.loopback(0), CURIOUS)) {
            assertThatIllegalArgumentException().isThrownBy(() -> ip4.send(
                            text("x").address(ip4.localAddress()).controlToSend(ControlData.NONE.withTimeToLive(0))))
                    .withMessageContaining("1 or more");
            ip6.send(text("here").address(ip6.localAddress()).controlToSend(ControlData.NONE.withTimeToLive(0)));
            assertThat(ip6.receive(room()).control().timeToLive()).isZero();
        }
    }

    /** Who says the interface and no address has not asked for another one than the socket's. */
    @Test
    void aSocketSendsFromItsAddressByWhateverInterface(Io io) throws Exception {
        try (DatagramSocket sender = io.bind(IpAddress.parse("127.0.0.5", 0), DatagramOptions.DEFAULT);
                DatagramSocket mapped = open6(io,
                        Ip6Address.mapped((Ip4Address) IpAddress.parse("127.0.0.5", 0)), DatagramOptions.DEFAULT);
                DatagramSocket receiver = open(io)) {
            for (DatagramSocket each : List.of(sender, mapped)) {
                each.send(text("x").address(receiver.localAddress())
                        .controlToSend(ControlData.NONE.withInterface(loopbackInterface(io))));
                assertThat(((IpAddress) receiver.receive(room()).address()).withPort(0))
                        .isEqualTo(IpAddress.parse("127.0.0.5", 0));
            }
        }
    }

    @Test
    void anAnswerCanLeaveFromWhereTheQuestionWent(Io io) throws Exception {
        try (DatagramSocket client = open(io);
                DatagramSocket server =
                        io.bind(Ip4Address.unspecified(0), DatagramOptions.DEFAULT.with(DESTINATION))) {
            Address asked = IpAddress.parse("127.0.0.5", port(server));
            client.send(text("question").address(asked));
            Datagram question = server.receive(room());
            server.send(text("answer").address(question.address())
                    .controlToSend(ControlData.NONE.withAddress(question.control().address())));
            assertThat(client.receive(room()).address()).isEqualTo(asked);
            // As the kernel finds no way from there to the client.
            assertFails(Operation.SEND, Reason.NETWORK_UNREACHABLE, () -> server.send(
                    text("lie").address(question.address())
                            .controlToSend(ControlData.NONE.withAddress(IpAddress.parse("192.0.2.1", 0)))));
        }
    }

    @Test
    void controlDataThatMakesNoSenseIsRefusedWithAdvice(Io io) throws Exception {
        try (DatagramSocket unix = io.bind(new UnixAddress(""), DatagramOptions.DEFAULT);
                DatagramSocket udp = open(io)) {
            assertThatIllegalArgumentException().isThrownBy(() -> unix.send(
                    text("x").address(unix.localAddress()).controlToSend(ControlData.NONE.withTimeToLive(1))));
            assertThatIllegalArgumentException().isThrownBy(() -> udp.send(
                    new Datagram(MemorySegment.ofArray(new byte[65])).address(udp.localAddress())
                            .controlToSend(ControlData.NONE.withSegmentSize(1))));
            assertThatIllegalArgumentException().isThrownBy(() -> ControlData.NONE.withTimeToLive(256));
            assertThatIllegalArgumentException().isThrownBy(
                    () -> io.bind(new UnixAddress(""), DatagramOptions.DEFAULT.with(DESTINATION)));
        }
    }

    /** What a datagram came with is not what it goes back with. */
    @Test
    void aDatagramCanBeSentBackAsItCame(Io io) throws Exception {
        try (DatagramSocket client = io.bind(Ip4Address.loopback(0), CURIOUS);
                DatagramSocket server = io.bind(Ip4Address.loopback(0), CURIOUS)) {
            client.send(text("echo").address(server.localAddress())
                    .controlToSend(ControlData.NONE.withTimeToLive(3)));
            Datagram datagram = server.receive(room());
            server.send(datagram);
            Datagram back = client.receive(room());
            assertThat(text(back)).isEqualTo("echo");
            assertThat(back.control().timeToLive()).isEqualTo(64);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorThatCameBackSaysForWhat(Caller caller, Io io) throws Exception {
        Address nobody;
        try (DatagramSocket closed = open(io)) {
            nobody = closed.localAddress();
        }
        try (DatagramSocket socket = open(io, ERRORS); DatagramSocket peer = open(io)) {
            assertThat(socket.takeError()).isNull();
            caller.run(io, () -> {
                socket.send(text("for nobody").address(nobody));
                assertFails(Operation.RECEIVE, Reason.CONNECTION_REFUSED, () -> socket.receive(room()));
            });
            // What was not taken keeps nobody from receiving.
            Caller.Call<Datagram> receiving = caller.start(io, () -> socket.receive(room())).blocked();
            peer.send(text("hello").address(socket.localAddress()));
            assertThat(text(receiving.result())).isEqualTo("hello");
            DatagramError error = socket.takeError();
            assertThat(error).isNotNull();
            assertThat(error.reason()).isEqualTo(Reason.CONNECTION_REFUSED);
            assertThat(error.origin()).isEqualTo(DatagramError.Origin.ICMP);
            assertThat(error.type()).isEqualTo(3);
            assertThat(error.code()).isEqualTo(3);
            assertThat(error.offender()).isEqualTo(Ip4Address.loopback(0));
            assertThat(error.datagram().address()).isEqualTo(nobody);
            assertThat(error.datagram().flags()).containsExactly(Datagram.Flag.ERROR);
            assertThat(text(error.datagram())).isEqualTo("for nobody");
            assertThat(socket.takeError()).isNull();
        }
    }

    @Test
    void errorsComeBackOverIp6(Io io) throws Exception {
        DatagramSocket closed = open6(io, Ip6Address.loopback(0), DatagramOptions.DEFAULT);
        Address nobody = closed.localAddress();
        closed.close();
        try (DatagramSocket socket = open6(io, Ip6Address.loopback(0), DatagramOptions.DEFAULT.with(ERRORS))) {
            socket.send(text("for nobody").address(nobody));
            assertFails(Operation.RECEIVE, Reason.CONNECTION_REFUSED, () -> socket.receive(room()));
            DatagramError error = socket.takeError();
            assertThat(error).isNotNull();
            assertThat(error.origin()).isEqualTo(DatagramError.Origin.ICMP);
            assertThat(error.offender()).isEqualTo(Ip6Address.loopback(0));
            assertThat(error.datagram().address()).isEqualTo(nobody);
        }
    }

    @Test
    void aBroadcastReachesAllWhoShareThePort(Io io) throws Exception {
        try (DatagramSocket one = io.bind(Ip4Address.unspecified(0), SHARED);
                DatagramSocket other = io.bind(one.localAddress(), SHARED);
                DatagramSocket sender = open(io, BROADCAST);
                DatagramSocket forbidden = open(io)) {
            Address everybody = IpAddress.parse("127.255.255.255", port(one));
            assertFails(Operation.SEND, Reason.ACCESS_DENIED, () -> forbidden.send(text("x").address(everybody)));
            sender.send(text("to all").address(everybody));
            assertThat(text(one.receive(room()))).isEqualTo("to all");
            assertThat(text(other.receive(room()))).isEqualTo("to all");
        }
    }

    @Test
    void aGroupIsHeardFromJoiningToLeaving(Io io) throws Exception {
        int lo = loopbackInterface(io);
        IpAddress address = IpAddress.parse("239.255.71.1", 0);
        MulticastGroup group = new MulticastGroup(address, lo, null);
        try (DatagramSocket member = io.bind(Ip4Address.unspecified(0), SHARED);
                DatagramSocket bystander =
                        io.bind(member.localAddress(), SHARED);
                DatagramSocket sender = open(io)) {
            sender.multicast(new MulticastOptions(lo, 1, true));
            Address target = address.withPort(port(member));
            assertFails(Operation.LEAVE_GROUP, Reason.NOT_JOINED, () -> member.leave(group));
            member.join(group);
            assertFails(Operation.JOIN_GROUP, Reason.ALREADY_JOINED, () -> member.join(group));
            sender.send(text("to the group").address(target));
            assertThat(text(member.receive(room()))).isEqualTo("to the group");
            assertThat(bystander.tryReceive(new Datagram(room()))).as("what others have joined").isFalse();
            member.leave(group);
            sender.send(text("too late").address(target));
            assertThat(member.tryReceive(new Datagram(room()))).isFalse();
            assertFails(Operation.JOIN_GROUP, Reason.NO_DEVICE,
                    () -> member.join(new MulticastGroup(address, 99_999, null)));
            assertFails(Operation.SET_MULTICAST, Reason.NO_DEVICE,
                    () -> sender.multicast(new MulticastOptions(99_999, 1, true)));
        }
    }

    @Test
    void aGroupCanBeHeardFromOneSenderAlone(Io io) throws Exception {
        int lo = loopbackInterface(io);
        IpAddress address = IpAddress.parse("232.71.1.1", 0);
        IpAddress heard = IpAddress.parse("127.0.0.7", 0);
        MulticastGroup group = new MulticastGroup(address, lo, heard);
        try (DatagramSocket member = io.bind(Ip4Address.unspecified(0), DatagramOptions.DEFAULT);
                DatagramSocket source = io.bind(heard, DatagramOptions.DEFAULT);
                DatagramSocket stranger = open(io)) {
            member.join(group);
            for (DatagramSocket sender : List.of(stranger, source)) {
                sender.multicast(new MulticastOptions(lo, 1, true));
                sender.send(text("from " + sender.localAddress()).address(address.withPort(port(member))));
            }
            assertThat(member.receive(room()).address()).isEqualTo(source.localAddress());
            assertThat(member.tryReceive(new Datagram(room()))).isFalse();
            member.leave(group);
        }
    }

    /** An interface that datagrams to groups of IPv6 leave by. */
    private static int interfaceForGroups6(Io io) throws Exception {
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            boolean hasIp6 = each.inetAddresses().anyMatch(Inet6Address.class::isInstance);
            if (each.isUp() && each.supportsMulticast() && hasIp6 && isOf(io, each)) {
                return each.getIndex();
            }
        }
        return loopbackInterface(io);
    }

    /** Whether it is an interface of the machine that the {@code Io} is of, which may be a simulated one. */
    private static boolean isOf(Io io, NetworkInterface candidate) {
        try {
            return io.interfaceIndex(candidate.getName()) == candidate.getIndex();
        } catch (IoException noDevice) {
            return false;
        }
    }

    @Test
    void aGroupOfIp6(Io io) throws Exception {
        int index = interfaceForGroups6(io);
        Ip6Address address = (Ip6Address) IpAddress.parse("ff12::7101%" + index, 0);
        try (DatagramSocket member = open6(io, Ip6Address.unspecified(0), DatagramOptions.DEFAULT);
                DatagramSocket sender = open6(io, Ip6Address.unspecified(0), DatagramOptions.DEFAULT)) {
            MulticastGroup group = new MulticastGroup(address, index, null);
            assertFails(Operation.LEAVE_GROUP, Reason.NOT_JOINED, () -> member.leave(group));
            member.join(group);
            assertFails(Operation.JOIN_GROUP, Reason.ALREADY_JOINED, () -> member.join(group));
            sender.multicast(new MulticastOptions(index, 1, true));
            try {
                sender.send(text("to the group").address(address.withPort(port(member))));
            } catch (IoException refused) {
                throw Skip.because("a way to groups of IPv6", refused.getMessage());
            }
            assertThat(text(member.receive(room()))).isEqualTo("to the group");
            member.leave(group);
        }
    }

    @Test
    void aSocketOfIp6SendsToGroupsOfIp4AndHearsThem(Io io) throws Exception {
        int lo = loopbackInterface(io);
        IpAddress address = IpAddress.parse("239.255.71.2", 0);
        MulticastGroup group = new MulticastGroup(address, lo, null);
        try (DatagramSocket both = open6(io, Ip6Address.unspecified(0), DatagramOptions.DEFAULT);
                DatagramSocket ip4 = io.bind(Ip4Address.unspecified(0), CURIOUS)) {
            ip4.join(group);
            both.multicast(new MulticastOptions(lo, 3, true));
            both.send(text("to the group").address(address.withPort(port(ip4))));
            Datagram heard = ip4.receive(room());
            assertThat(text(heard)).isEqualTo("to the group");
            assertThat(heard.control().interfaceIndex()).isEqualTo(lo);
            assertThat(heard.control().timeToLive()).isEqualTo(3);
            both.join(group);
            ip4.multicast(new MulticastOptions(lo, 1, true));
            ip4.send(text("from IPv4").address(address.withPort(port(both))));
            assertThat(text(both.receive(room()))).isEqualTo("from IPv4");
            both.leave(group);
            assertFails(Operation.SET_MULTICAST, Reason.NO_DEVICE,
                    () -> both.multicast(new MulticastOptions(99_999, 1, true)));
        }
    }

    @Test
    void moreGroupsThanTheKernelAllows(Io io) throws Exception {
        int lo = loopbackInterface(io);
        try (DatagramSocket member = io.bind(Ip4Address.unspecified(0), DatagramOptions.DEFAULT)) {
            IoException failure = null;
            for (int i = 0; i < 250 && failure == null; i++) {
                try {
                    member.join(new MulticastGroup(IpAddress.parse("239.255.72." + i, 0), lo, null));
                } catch (IoException refused) {
                    failure = refused;
                }
            }
            if (failure == null) {
                throw Skip.because("net.ipv4.igmp_max_memberships", "more than 250");
            }
            assertThat(failure.reason()).isEqualTo(Reason.SYSTEM_RESOURCES);
        }
    }

    @Test
    void whatIsNoGroupIsRefusedWithAdvice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MulticastGroup(Ip4Address.loopback(0)))
                .withMessageContaining("no multicast address");
        assertThatIllegalArgumentException().isThrownBy(() -> new MulticastGroup(
                IpAddress.parse("239.1.1.1", 0), 0, Ip6Address.loopback(0)));
        assertThatIllegalArgumentException().isThrownBy(() -> new MulticastOptions(0, 256, true));
    }

    @Test
    void oneSendIsManyDatagrams(Io io) throws Exception {
        try (DatagramSocket one = open(io); DatagramSocket other = open(io)) {
            Datagram burst = new Datagram(MemorySegment.ofArray("aaaabbbbccccdd".getBytes(StandardCharsets.UTF_8)))
                    .address(other.localAddress())
                    .controlToSend(ControlData.NONE.withSegmentSize(4));
            sendOrSkip(one, burst);
            List<String> arrived = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                arrived.add(text(other.receive(room())));
            }
            assertThat(arrived).containsExactly("aaaa", "bbbb", "cccc", "dd");
        }
    }

    @Test
    void datagramsThatCameTogetherAreReceivedAsOne(Io io) throws Exception {
        try (DatagramSocket one = open(io); DatagramSocket other = open(io, COALESCE)) {
            byte[] content = new byte[40 * 1000];
            for (int i = 0; i < content.length; i++) {
                content[i] = (byte) (i / 1000);
            }
            sendOrSkip(one, new Datagram(MemorySegment.ofArray(content)).address(other.localAddress())
                    .controlToSend(ControlData.NONE.withSegmentSize(1000)));
            one.send(text("alone").address(other.localAddress()));
            int got = 0;
            while (got < content.length) {
                Datagram some = other.receive(MemorySegment.ofArray(new byte[65_536]));
                assertThat(some.length() > 1000 ? some.control().segmentSize() : 1000).isEqualTo(1000);
                assertThat(some.buffer().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) (got / 1000));
                got += some.length();
            }
            assertThat(got).isEqualTo(content.length);
            Datagram alone = other.receive(MemorySegment.ofArray(new byte[65_536]));
            assertThat(text(alone)).isEqualTo("alone");
            assertThat(alone.control().segmentSize()).isZero();
        } catch (IoException refused) {
            if (refused.reason() == Reason.OPTION_UNSUPPORTED) {
                throw Skip.because("UDP_GRO", refused.getMessage());
            }
            throw refused;
        }
    }

    private static void sendOrSkip(DatagramSocket socket, Datagram burst) throws IoException {
        try {
            socket.send(burst);
        } catch (IoException refused) {
            if (refused.reason() == Reason.ADDRESS_NOT_AVAILABLE || refused.reason() == Reason.INPUT_OUTPUT) {
                throw Skip.because("UDP_SEGMENT", refused.getMessage());
            }
            throw refused;
        }
    }

    @Test
    void nothingLeavesTheMachineFromALoopbackAddress(Io io) throws Exception {
        Address outside = IpAddress.parse("192.0.2.1", 9);
        try (DatagramSocket socket = open(io)) {
            assertFails(Operation.SEND, Reason.ADDRESS_NOT_AVAILABLE, () -> socket.send(text("x").address(outside)));
            assertFails(Operation.CONNECT, Reason.ADDRESS_NOT_AVAILABLE, () -> socket.connect(outside));
        } catch (AssertionError noRoute) {
            if (String.valueOf(noRoute.getMessage()).contains("ENETUNREACH")) {
                throw Skip.because("a route to " + outside, noRoute.getMessage());
            }
            throw noRoute;
        }
    }

    /** Also where the kernel gives that up for a moment, to disconnect. */
    @Test
    void aSocketStaysAtItsInterface(Io io) throws Exception {
        DatagramOptions atLoopback = DatagramOptions.DEFAULT.withOption(SocketOption.BIND_TO_DEVICE, "lo");
        try (DatagramSocket peer = open(io)) {
            DatagramSocket opened;
            try {
                opened = io.bind(Ip4Address.unspecified(0), atLoopback);
            } catch (IoException refused) {
                throw Skip.because("SO_BINDTODEVICE", refused.getMessage());
            }
            try (DatagramSocket socket = opened) {
                socket.disconnect();
                assertThat(socket.option(SocketOption.BIND_TO_DEVICE)).as("not connected").isEqualTo("lo");
                Address before = socket.localAddress();
                socket.connect(peer.localAddress());
                socket.disconnect();
                assertThat(socket.option(SocketOption.BIND_TO_DEVICE)).as("connected").isEqualTo("lo");
                assertThat(socket.localAddress()).isEqualTo(before);
                assertThat(socket.remoteAddress()).isNull();
            }
        }
    }

    /** The kernel calls each of them an invalid argument. */
    @Test
    void addressesThatCannotBeBoundAreNamed(Io io) throws Exception {
        open6(io, Ip6Address.loopback(0), DatagramOptions.DEFAULT).close();
        for (String withinLink : List.of("fe80::1", "ff02::1")) {
            IpAddress address = IpAddress.parse(withinLink, 0);
            assertFails(Operation.BIND, Reason.INTERFACE_MISSING, () -> io.bind(address, DatagramOptions.DEFAULT));
            try (DatagramSocket socket = open6(io, Ip6Address.unspecified(0), DatagramOptions.DEFAULT)) {
                assertFails(Operation.CONNECT, Reason.INTERFACE_MISSING, () -> socket.connect(address.withPort(9)));
            }
        }
        DatagramOptions only = DatagramOptions.DEFAULT.withOption(SocketOption.IP6_ONLY, true);
        assertFails(Operation.BIND, Reason.ADDRESS_NOT_AVAILABLE,
                () -> io.bind(Ip6Address.mapped(Ip4Address.loopback(0)), only));
        assertFails(Operation.LISTEN, Reason.ADDRESS_NOT_AVAILABLE,
                () -> io.listen(IpAddress.parse("ff0e::1", 0), ListenOptions.DEFAULT));
        assertFails(Operation.LISTEN, Reason.INTERFACE_MISSING,
                () -> io.listen(IpAddress.parse("fe80::1", 0), ListenOptions.DEFAULT));
    }

    @Test
    void moreBatchesThanTheProcessHasBuffersFor(Io io) throws Exception {
        List<Datagram> batch = new ArrayList<>();
        try (DatagramSocket one = open(io); DatagramSocket other = open(io)) {
            for (int i = 0; i < 100; i++) {
                batch.add(new Datagram(MemorySegment.ofArray(new byte[60_000])).length(100)
                        .address(other.localAddress()));
            }
            assertThat(one.send(batch)).isEqualTo(100);
            int received = 0;
            while (received < 100) {
                received += other.receive(batch);
            }
            assertThat(received).isEqualTo(100);
        }
    }
}
