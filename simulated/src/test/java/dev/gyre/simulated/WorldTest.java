package dev.gyre.simulated;

import static dev.gyre.simulated.Pair.buffer;
import static dev.gyre.simulated.Pair.read;
import static dev.gyre.simulated.Pair.write;
import static dev.gyre.simulated.TwoHosts.LATENCY;
import static dev.gyre.simulated.TwoHosts.PORT;
import static dev.gyre.simulated.TwoHosts.SLOW;
import static dev.gyre.simulated.TwoHosts.age;
import static dev.gyre.simulated.TwoHosts.reason;
import static dev.gyre.simulated.TwoHosts.simulate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.BoundedQueue;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.Credentials;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.File;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Locking;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.Received;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.Task;
import dev.gyre.io.UnixAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several hosts in one simulation. */
@Tag("S2")
@Tag("S5")
final class WorldTest {
    @Test
    void withinAHostNothingTakesTime() {
        SimulationResult<?> result = simulate(1, world -> world.host("alone", world.link(SLOW)).run(io -> {
            for (IpAddress address : List.of(IpAddress.parse("10.1.0.1", 0), IpAddress.parse("fd00:0:0:1::1", 0),
                    Ip4Address.loopback(0))) {
                try (Listener listener = io.listen(address, ListenOptions.DEFAULT);
                        Connection client = io.connect(listener.localAddress());
                        Connection server = listener.accept()) {
                    assertThat(((IpAddress) client.localAddress()).withPort(0)).isEqualTo(address);
                    write(client, 1);
                    assertThat(read(server)).isEqualTo(1);
                }
            }
            return null;
        }));
        assertThat(result.elapsed()).isZero();
    }

    @Test
    void addressesFollowFromTheOrder() {
        simulate(1, world -> {
            Link one = world.link(LinkOptions.DEFAULT);
            Link other = world.link(LinkOptions.DEFAULT);
            Host first = world.host("first", one);
            Host both = world.host("both", other, one);
            assertThat(first.addresses()).containsExactly(
                    IpAddress.parse("10.1.0.1", 0), IpAddress.parse("fd00:0:0:1::1", 0));
            assertThat(both.addresses()).containsExactly(
                    IpAddress.parse("10.2.0.1", 0), IpAddress.parse("10.1.0.2", 0),
                    IpAddress.parse("fd00:0:0:2::1", 0), IpAddress.parse("fd00:0:0:1::2", 0));
            both.run(io -> {
                assertThat(io.interfaceIndex("lo")).isEqualTo(1);
                assertThat(io.interfaceIndex("eth0")).isEqualTo(2);
                assertThat(io.interfaceName(3)).isEqualTo("eth1");
                assertThat(reason(() -> io.interfaceIndex("eth2"))).isEqualTo(Reason.NO_DEVICE);
                assertThat(reason(() -> io.listen(first.address(0), ListenOptions.DEFAULT)))
                        .isEqualTo(Reason.ADDRESS_NOT_AVAILABLE);
                return null;
            });
            assertThatIllegalArgumentException().isThrownBy(() -> world.host("First", one));
            assertThatIllegalArgumentException().isThrownBy(() -> world.host("no host", one));
            assertThatIllegalArgumentException().isThrownBy(() -> world.host("third", one, one));
            assertThatIllegalArgumentException().isThrownBy(() -> world.router(one));
            return null;
        });
    }

    @Test
    void theSameSeedRunsTheSameWayAndAnotherOneAnotherWay() {
        Set<Long> traces = new HashSet<>();
        Set<List<Integer>> orders = new HashSet<>();
        for (long seed = 0; seed < 30; seed++) {
            SimulationResult<List<Integer>> first = simulate(seed, WorldTest::race);
            SimulationResult<List<Integer>> second = simulate(seed, WorldTest::race);
            assertThat(second.traceHash()).isEqualTo(first.traceHash());
            assertThat(second.value()).isEqualTo(first.value());
            traces.add(first.traceHash());
            orders.add(first.value());
        }
        assertThat(traces).hasSize(30);
        assertThat(orders).hasSizeGreaterThan(10);
    }

    /** Five hosts send each its number to a sixth at the same time. In which order they arrived. */
    private static List<Integer> race(World world) throws Exception {
        Link link = world.link(SLOW);
        Host server = world.host("server", link);
        ResetEvent ready = world.io().resetEvent();
        Task<List<Integer>, Exception> serving = server.start(io -> {
            List<Integer> order = new ArrayList<>();
            try (Listener listener = io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT)) {
                ready.set();
                for (int i = 0; i < 5; i++) {
                    try (Connection connection = listener.accept()) {
                        order.add(read(connection));
                    }
                }
            }
            return order;
        });
        for (int i = 0; i < 5; i++) {
            int number = i;
            world.host("client" + i, link).start(io -> {
                ready.await();
                try (Connection connection = io.connect("server", PORT)) {
                    write(connection, number);
                    assertThat(read(connection)).isEqualTo(-1);
                }
                return null;
            });
        }
        return serving.await();
    }

    @Test
    @Tag("T16")
    void namesOfHostsLeadToTheirAddresses() {
        simulate(19, world -> {
            TwoHosts two = TwoHosts.on(world, SLOW);
            for (Host host : List.of(two.server(), two.client())) {
                host.run(io -> {
                    try (Lookup lookup = io.lookup("Server", LookupOptions.DEFAULT)) {
                        assertThat(lookup.all()).isEqualTo(two.server().addresses());
                    }
                    try (Lookup lookup = io.lookup("localhost", LookupOptions.DEFAULT)) {
                        assertThat(lookup.all()).containsExactly(Ip4Address.loopback(0), Ip6Address.loopback(0));
                    }
                    return null;
                });
            }
            return null;
        });
    }

    @Test
    void eachHostHasItsOwnPortsNamesAndDisk() {
        simulate(20, world -> {
            TwoHosts two = TwoHosts.on(world, SLOW);
            for (Host host : List.of(two.server(), two.client())) {
                host.run(io -> {
                    assertThat(reason(() -> io.currentDirectory().openFile("file", OpenOptions.READ)))
                            .isEqualTo(Reason.FILE_NOT_FOUND);
                    io.currentDirectory().openFile("file", OpenOptions.REPLACE).close();
                    return null;
                });
            }
            // A later program finds the disk as the first one has left it.
            two.server().run(io -> {
                io.currentDirectory().openFile("file", OpenOptions.READ).close();
                try (Listener _ = io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT);
                        Listener _ = io.listen(new UnixAddress("\0name"), ListenOptions.DEFAULT)) {
                    return two.client().run(other -> {
                        assertThat(reason(() -> other.connect(new UnixAddress("\0name"))))
                                .isEqualTo(Reason.CONNECTION_REFUSED);
                        other.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT).close();
                        return null;
                    });
                }
            });
            return null;
        });
    }

    @Test
    void programsOfOneHostShareItsPortsAndNames() {
        simulate(21, world -> {
            Host host = world.host("host", world.link(SLOW));
            ResetEvent ready = world.io().resetEvent();
            Task<Integer, Exception> serving = host.start(io -> {
                try (Listener listener = io.listen(new UnixAddress("\0name"), ListenOptions.DEFAULT)) {
                    ready.set();
                    try (Connection connection = listener.accept()) {
                        write(connection, 3);
                        return connection.peerCredentials().process();
                    }
                }
            });
            int process = host.run(io -> {
                ready.await();
                try (Connection connection = io.connect(new UnixAddress("\0name"))) {
                    assertThat(read(connection)).isEqualTo(3);
                    return connection.peerCredentials().process();
                }
            });
            assertThat(serving.await()).isNotEqualTo(process);
            return null;
        });
    }

    /** One program makes a connection, writes, and passes it to another, which writes as well. */
    @Test
    void aConnectionSaysWhichProgramOfItsHostWrites() {
        simulate(24, world -> {
            Host host = world.host("host", world.link(SLOW));
            UnixAddress server = new UnixAddress("\0server");
            UnixAddress heir = new UnixAddress("\0heir");
            BoundedQueue<Boolean> ready = world.io().queue(2);
            Task<List<Integer>, Exception> serving = host.start(io -> {
                ListenOptions options = ListenOptions.DEFAULT.withOption(SocketOption.PASS_CREDENTIALS, true);
                try (Listener listener = io.listen(server, options)) {
                    ready.put(true);
                    try (Connection connection = listener.accept()) {
                        return List.of(connection.peerCredentials().process(), writer(connection),
                                writer(connection));
                    }
                }
            });
            Task<Object, Exception> inheriting = host.start(io -> {
                try (Listener listener = io.listen(heir, ListenOptions.DEFAULT)) {
                    ready.put(true);
                    try (Connection way = listener.accept(); Received received = way.readWith(buffer(1), 1)) {
                        write((Connection) received.passed().getFirst(), 2);
                    }
                }
                return null;
            });
            host.run(io -> {
                ready.get();
                ready.get();
                try (Connection connection = io.connect(server); Connection way = io.connect(heir)) {
                    write(connection, 1);
                    way.writeWith(buffer(1), List.of(connection));
                }
                return null;
            });
            inheriting.await();
            List<Integer> writers = serving.await();
            assertThat(writers.get(1)).isEqualTo(writers.getFirst());
            assertThat(writers.getLast()).isNotEqualTo(writers.getFirst());
            return null;
        });
    }

    private static int writer(Connection connection) throws IoException {
        try (Received received = connection.readWith(buffer(1), 0)) {
            return received.credentials().process();
        }
    }

    @Test
    void whatAProgramLeavesOpenIsALeakOfItsHost() {
        assertThatThrownBy(() -> simulate(22, world -> world.host("host").run(io ->
                io.listen(Ip4Address.loopback(PORT), ListenOptions.DEFAULT))))
                .isInstanceOf(SimulationFailure.class)
                .hasCauseInstanceOf(LeakError.class)
                .rootCause().hasMessageContaining("listener 127.0.0.1:7000 of host");
    }

    /** A kernel closes what a process has left open. */
    @Test
    void whatAProgramThatFailsLeavesOpenIsClosed() {
        simulate(25, world -> {
            TwoHosts two = TwoHosts.on(world, SLOW);
            Task<Object, Exception> failing = two.server().start(io -> {
                Listener listener = io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT);
                io.bind(Ip4Address.unspecified(PORT), DatagramOptions.DEFAULT);
                io.listen(new UnixAddress("\0name"), ListenOptions.DEFAULT);
                io.currentDirectory().openFile("file", OpenOptions.REPLACE).lock(Locking.EXCLUSIVE);
                two.ready().set();
                read(listener.accept());
                throw new IllegalStateException("it fails");
            });
            two.ready().await();
            two.ask((io, connection) -> {
                write(connection, 1);
                assertThat(read(connection)).isEqualTo(-1);
                return null;
            });
            assertThatThrownBy(failing::await).hasMessage("it fails");
            two.server().run(io -> {
                io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT).close();
                io.bind(Ip4Address.unspecified(PORT), DatagramOptions.DEFAULT).close();
                io.listen(new UnixAddress("\0name"), ListenOptions.DEFAULT).close();
                try (File file = io.currentDirectory().openFile("file", OpenOptions.REPLACE)) {
                    assertThat(file.tryLock(Locking.EXCLUSIVE)).isTrue();
                }
                return null;
            });
            return null;
        });
    }

    @Test
    void theUserOfASocketIsTheOwnerOfFiles() {
        Simulation.run(SimulationOptions.ofSeed(1), io -> {
            try (ConnectionPair pair = io.connectPair(SocketType.STREAM)) {
                FileStat root = io.currentDirectory().stat(".");
                Credentials peer = pair.first().peerCredentials();
                assertThat(List.of(peer.user(), peer.group())).containsExactly(root.user(), root.group());
            }
            return null;
        });
    }

    @Test
    void aProgramThatIsCanceledEndsWithItsTasks() {
        simulate(23, world -> {
            List<String> ended = new ArrayList<>();
            Host host = world.host("host");
            Task<?, Exception> running = host.start(io -> {
                io.concurrent(() -> {
                    try {
                        io.sleep(Duration.ofDays(1));
                    } finally {
                        ended.add("its task");
                    }
                    return null;
                });
                try {
                    io.sleep(Duration.ofDays(2));
                } finally {
                    ended.add("it");
                }
                return null;
            });
            world.io().sleep(Duration.ofHours(1));
            assertThatThrownBy(running::cancel).isInstanceOf(CanceledException.class);
            assertThat(ended).containsExactlyInAnyOrder("it", "its task");
            assertThat(age(world.io())).isEqualTo(Duration.ofHours(1));
            return null;
        });
    }

    @Test
    void aDeadlockNamesTheHostThatWaits() {
        assertThatThrownBy(() -> simulate(24, world -> {
            TwoHosts two = TwoHosts.on(world, SLOW);
            two.serve((io, connection) -> read(connection));
            return two.ask((io, connection) -> read(connection));
        })).hasCauseInstanceOf(DeadlockError.class)
                .rootCause().hasMessageContaining("server").hasMessageContaining("client");
    }

    /** A datagram that arrives at the moment in which it is looked for is there or not. */
    @Test
    void allOrdersOfASmallWorldCanBeExplored() {
        Set<Boolean> found = new HashSet<>();
        Exploration exploration = Simulation.exploreWorld(world -> {
            Link link = world.link(SLOW);
            Host server = world.host("server", link);
            Host client = world.host("client", link);
            return server.run(io -> {
                try (DatagramSocket socket = io.bind(Ip4Address.unspecified(PORT), DatagramOptions.DEFAULT)) {
                    client.run(other -> {
                        try (DatagramSocket sender = other.bind(Ip4Address.unspecified(0), DatagramOptions.DEFAULT)) {
                            sender.send(buffer(1), server.address(PORT));
                        }
                        return null;
                    });
                    io.sleep(LATENCY);
                    return found.add(socket.tryReceive(new Datagram(buffer(1))));
                }
            });
        }, 10_000);
        assertThat(exploration.complete()).isTrue();
        assertThat(found).containsExactlyInAnyOrder(true, false);
    }
}
