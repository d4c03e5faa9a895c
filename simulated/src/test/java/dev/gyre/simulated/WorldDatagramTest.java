package dev.gyre.simulated;

import static dev.gyre.io.DatagramOptions.Flag.BROADCAST;
import static dev.gyre.io.DatagramOptions.Flag.CREDENTIALS;
import static dev.gyre.io.DatagramOptions.Flag.DESTINATION;
import static dev.gyre.io.DatagramOptions.Flag.ERRORS;
import static dev.gyre.io.DatagramOptions.Flag.TIMESTAMP;
import static dev.gyre.io.DatagramOptions.Flag.TIME_TO_LIVE;
import static dev.gyre.simulated.TwoHosts.LATENCY;
import static dev.gyre.simulated.TwoHosts.PORT;
import static dev.gyre.simulated.TwoHosts.SLOW;
import static dev.gyre.simulated.TwoHosts.age;
import static dev.gyre.simulated.TwoHosts.inWorld;
import static dev.gyre.simulated.TwoHosts.onLink;
import static dev.gyre.simulated.TwoHosts.reason;
import static org.assertj.core.api.Assertions.assertThat;

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
import dev.gyre.io.MulticastGroup;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Datagrams between the hosts of a simulation. */
@Tag("S2")
@Tag("T14")
final class WorldDatagramTest {
    private static DatagramSocket bind(Io io, int port, DatagramOptions.Flag... flags) throws IoException {
        return io.bind(Ip4Address.unspecified(port), DatagramOptions.DEFAULT.with(flags));
    }

    private static Datagram text(String text) {
        return new Datagram(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(Datagram datagram) {
        return new String(datagram.payload().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private static Datagram receive(DatagramSocket socket) throws IoException {
        return socket.receive(MemorySegment.ofArray(new byte[65_536]));
    }

    /** Has a host receive as many datagrams as come within ten seconds. */
    private static Task<List<String>, Exception> listening(World world, Host host, Prepare prepare) throws Exception {
        ResetEvent ready = world.io().resetEvent();
        Task<List<String>, Exception> listening = host.start(io -> {
            List<String> heard = new ArrayList<>();
            try (DatagramSocket socket = bind(io, PORT)) {
                prepare.on(socket);
                ready.set();
                return io.within(Timeout.after(Duration.ofSeconds(10)), () -> {
                    while (true) {
                        heard.add(text(receive(socket)));
                    }
                });
            } catch (TimeoutException over) {
                return heard;
            }
        });
        ready.await();
        return listening;
    }

    private interface Prepare {
        void on(DatagramSocket socket) throws IoException;
    }

    @Test
    void sayWhichProgramOfTheirHostSentThem() {
        inWorld(2, world -> {
            Host host = world.host("host", world.link(SLOW));
            UnixAddress name = new UnixAddress("\0told");
            ResetEvent ready = world.io().resetEvent();
            Task<List<Integer>, Exception> told = host.start(io -> {
                List<Integer> senders = new ArrayList<>();
                try (DatagramSocket socket = io.bind(name, DatagramOptions.DEFAULT.with(CREDENTIALS))) {
                    ready.set();
                    while (senders.size() < 3) {
                        senders.add(receive(socket).control().credentials().process());
                    }
                }
                return senders;
            });
            for (int count : new int[] {2, 1}) {
                host.run(io -> {
                    ready.await();
                    try (DatagramSocket socket = io.bind(new UnixAddress(""), DatagramOptions.DEFAULT)) {
                        for (int i = 0; i < count; i++) {
                            socket.send(text("from me").address(name));
                        }
                        return null;
                    }
                });
            }
            List<Integer> senders = told.await();
            assertThat(senders.get(1)).isEqualTo(senders.getFirst());
            assertThat(senders.getLast()).isNotEqualTo(senders.getFirst());
        });
    }

    @Test
    void arriveAfterTheLatencyWithTheirSender() {
        onLink(1, SLOW, two -> {
            Task<ControlData, Exception> serving = two.server().start(io -> {
                try (DatagramSocket socket = bind(io, PORT, DESTINATION, TIME_TO_LIVE, TIMESTAMP)) {
                    two.ready().set();
                    Datagram question = receive(socket);
                    assertThat(text(question)).isEqualTo("question");
                    assertThat(question.address()).isEqualTo(two.client().address(9));
                    assertThat(age(io)).isEqualTo(LATENCY);
                    socket.send(text("answer").address(question.address()));
                    return question.control();
                }
            });
            two.client().run(io -> {
                two.ready().await();
                try (DatagramSocket socket = bind(io, 9)) {
                    socket.connect(two.server().address(PORT));
                    assertThat(socket.localAddress()).isEqualTo(two.client().address(9));
                    socket.send(text("question"));
                    assertThat(text(receive(socket))).isEqualTo("answer");
                    assertThat(age(io)).isEqualTo(LATENCY.multipliedBy(2));
                }
                return null;
            });
            ControlData control = serving.await();
            assertThat(control.address()).isEqualTo(two.server().address(0));
            assertThat(control.interfaceIndex()).isEqualTo(2);
            assertThat(control.timeToLive()).isEqualTo(64);
            assertThat(control.timestamp()).isEqualTo(
                    two.world().io().now(Clock.REAL).plus(LATENCY.negated()));
        });
    }

    @Test
    void overIp6() {
        inWorld(2, world -> {
            Link link = world.link(SLOW);
            Host one = world.host("one", link);
            Host other = world.host("other", link);
            IpAddress target = one.addresses().getLast().withPort(PORT);
            ResetEvent ready = world.io().resetEvent();
            Task<Datagram, Exception> receiving = one.start(io -> {
                try (DatagramSocket socket = io.bind(Ip6Address.unspecified(PORT), DatagramOptions.DEFAULT)) {
                    ready.set();
                    return receive(socket);
                }
            });
            ready.await();
            other.run(io -> {
                try (DatagramSocket socket = io.bind(Ip6Address.unspecified(9), DatagramOptions.DEFAULT)) {
                    socket.send(text("six").address(target));
                }
                return null;
            });
            assertThat(receiving.await().address()).isEqualTo(other.addresses().getLast().withPort(9));
        });
    }

    /** A thousand bytes a millisecond, of which two thousand may wait beside the one that is sent. */
    @Test
    void whatTheInterfaceHasNoRoomForIsLost() {
        LinkOptions narrow = LinkOptions.DEFAULT.withLatency(LATENCY).withBytesPerSecond(1_000_000)
                .withBacklogBytes(3000);
        onLink(3, narrow, two -> {
            Task<List<String>, Exception> heard = listening(two.world(), two.server(), socket -> {});
            two.client().run(io -> {
                try (DatagramSocket socket = bind(io, 0)) {
                    for (String each : List.of("a", "b", "c", "lost")) {
                        socket.send(text(each.repeat(1000)).address(two.server().address(PORT)));
                    }
                    io.sleep(Duration.ofMillis(1));
                    socket.send(text("e".repeat(1000)).address(two.server().address(PORT)));
                    // Of several pieces the first finds room.
                    io.sleep(Duration.ofMillis(2));
                    socket.send(text("lost".repeat(1000)).address(two.server().address(PORT)));
                    socket.send(text("f").address(two.server().address(PORT)));
                }
                return null;
            });
            assertThat(heard.await()).extracting(each -> each.charAt(0)).containsExactly('a', 'b', 'c', 'e', 'f');
        });
    }

    @Test
    void nobodyThereIsToldToWhoIsConnectedOrWantsToKnow() {
        onLink(4, SLOW, two -> {
            two.client().run(io -> {
                IpAddress nobody = two.server().address(PORT);
                try (DatagramSocket connected = bind(io, 0); DatagramSocket curious = bind(io, 0, ERRORS);
                        DatagramSocket other = bind(io, 0)) {
                    connected.connect(nobody);
                    connected.send(text("x"));
                    assertThat(reason(() -> receive(connected))).isEqualTo(Reason.CONNECTION_REFUSED);
                    assertThat(age(io)).isEqualTo(LATENCY.multipliedBy(2));
                    curious.send(text("who").address(nobody));
                    assertThat(reason(() -> receive(curious))).isEqualTo(Reason.CONNECTION_REFUSED);
                    DatagramError error = curious.takeError();
                    assertThat(error).isNotNull();
                    assertThat(error.offender()).isEqualTo(two.server().address(0));
                    assertThat(text(error.datagram())).isEqualTo("who");
                    curious.send(text("nowhere").address(IpAddress.parse("10.1.0.99", 1)));
                    assertThat(reason(() -> receive(curious))).isEqualTo(Reason.HOST_UNREACHABLE);
                    assertThat(age(io)).isEqualTo(LATENCY.multipliedBy(4).plusSeconds(3));
                    other.send(text("x").address(nobody));
                    io.sleep(Duration.ofSeconds(1));
                    other.send(text("it is not told").address(nobody));
                    assertThat(reason(() -> other.send(text("x").address(IpAddress.parse("192.0.2.1", 1)))))
                            .isEqualTo(Reason.NETWORK_UNREACHABLE);
                }
                try (DatagramSocket inside = io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT)) {
                    assertThat(reason(() -> inside.send(text("x").address(nobody))))
                            .isEqualTo(Reason.ADDRESS_NOT_AVAILABLE);
                    assertThat(reason(() -> inside.connect(nobody))).isEqualTo(Reason.ADDRESS_NOT_AVAILABLE);
                }
                return null;
            });
        });
    }

    @Test
    void aGroupIsHeardOnItsLinkByThoseWhoJoined() {
        IpAddress group = IpAddress.parse("239.1.2.3", PORT);
        inWorld(5, world -> {
            Link link = world.link(SLOW);
            Link other = world.link(SLOW);
            Host sender = world.host("sender", link);
            world.router(link, other);
            Task<List<String>, Exception> member =
                    listening(world, world.host("member", link), socket -> socket.join(new MulticastGroup(group)));
            Task<List<String>, Exception> second =
                    listening(world, world.host("second", link), socket -> socket.join(new MulticastGroup(group)));
            Task<List<String>, Exception> stranger = listening(world, world.host("stranger", link), socket -> {});
            Task<List<String>, Exception> elsewhere =
                    listening(world, world.host("elsewhere", other), socket -> socket.join(new MulticastGroup(group)));
            sender.run(io -> {
                try (DatagramSocket socket = bind(io, PORT)) {
                    socket.join(new MulticastGroup(group));
                    socket.send(text("one").address(group));
                    assertThat(text(receive(socket))).as("it comes back").isEqualTo("one");
                    socket.multicast(new MulticastOptions(0, 1, false));
                    socket.send(text("two").address(group));
                    assertThat(socket.tryReceive(text("room"))).isFalse();
                    socket.multicast(new MulticastOptions(0, 0, true));
                    socket.send(text("three").address(group));
                    assertThat(text(receive(socket))).as("it goes no further").isEqualTo("three");
                    socket.send(text("four").address(group).controlToSend(ControlData.NONE.withTimeToLive(1)));
                }
                return null;
            });
            assertThat(member.await()).containsExactly("one", "two", "four");
            assertThat(second.await()).containsExactly("one", "two", "four");
            assertThat(stranger.await()).isEmpty();
            assertThat(elsewhere.await()).as("a router takes it nowhere").isEmpty();
        });
    }

    @Test
    void aBroadcastReachesAllOnTheLink() {
        inWorld(6, world -> {
            Link link = world.link(SLOW);
            Host sender = world.host("sender", link);
            List<Task<List<String>, Exception>> all = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                all.add(listening(world, world.host(name, link), socket -> {}));
            }
            sender.run(io -> {
                try (DatagramSocket socket = bind(io, 0, BROADCAST); DatagramSocket forbidden = bind(io, 0)) {
                    for (String everybody : List.of("255.255.255.255", "10.1.255.255")) {
                        IpAddress target = IpAddress.parse(everybody, PORT);
                        assertThat(reason(() -> forbidden.send(text("x").address(target))))
                                .isEqualTo(Reason.ACCESS_DENIED);
                        socket.send(text("to all").address(target));
                    }
                }
                return null;
            });
            for (Task<List<String>, Exception> each : all) {
                assertThat(each.await()).containsExactly("to all", "to all");
            }
        });
    }

    @Test
    void aRouterTakesAHop() {
        inWorld(7, world -> {
            Link near = world.link(SLOW);
            Link far = world.link(SLOW);
            world.router(near, far);
            Host server = world.host("server", far);
            Task<List<String>, Exception> heard = listening(world, server, socket -> {});
            world.host("client", near).run(io -> {
                try (DatagramSocket socket = bind(io, 0)) {
                    socket.send(text("expires").address(server.address(PORT))
                            .controlToSend(ControlData.NONE.withTimeToLive(1)));
                    socket.send(text("arrives").address(server.address(PORT))
                            .controlToSend(ControlData.NONE.withTimeToLive(2)));
                }
                return null;
            });
            assertThat(heard.await()).containsExactly("arrives");
        });
    }

    @Test
    void aSegmentFitsIntoAPacket() {
        onLink(8, SLOW, two -> {
            Task<List<String>, Exception> heard = listening(two.world(), two.server(), socket -> {});
            two.client().run(io -> {
                try (DatagramSocket socket = bind(io, 0)) {
                    Datagram burst = text("x".repeat(3000)).address(two.server().address(PORT));
                    assertThat(reason(() -> socket.send(burst.controlToSend(ControlData.NONE.withSegmentSize(1473)))))
                            .isEqualTo(Reason.MESSAGE_TOO_BIG);
                    socket.send(burst.controlToSend(ControlData.NONE.withSegmentSize(1472)));
                }
                return null;
            });
            assertThat(heard.await()).extracting(String::length).containsExactly(1472, 1472, 56);
        });
    }

    /** The clock of the one who receives. */
    @Test
    void aTimestampIsThatOfTheArrival() {
        onLink(9, SLOW, two -> {
            Task<Timestamp, Exception> late = two.server().start(io -> {
                try (DatagramSocket socket = bind(io, PORT, TIMESTAMP)) {
                    two.ready().set();
                    io.sleep(Duration.ofSeconds(1));
                    return receive(socket).control().timestamp();
                }
            });
            two.ready().await();
            Timestamp sent = two.client().run(io -> {
                try (DatagramSocket socket = bind(io, 0)) {
                    socket.send(text("x").address(two.server().address(PORT)));
                    return io.now(Clock.REAL);
                }
            });
            assertThat(late.await()).isEqualTo(sent.plus(LATENCY));
        });
    }
}
