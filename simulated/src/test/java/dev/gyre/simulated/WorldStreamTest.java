package dev.gyre.simulated;

import static dev.gyre.simulated.Pair.buffer;
import static dev.gyre.simulated.Pair.drain;
import static dev.gyre.simulated.Pair.read;
import static dev.gyre.simulated.Pair.write;
import static dev.gyre.simulated.TwoHosts.LATENCY;
import static dev.gyre.simulated.TwoHosts.PORT;
import static dev.gyre.simulated.TwoHosts.SLOW;
import static dev.gyre.simulated.TwoHosts.age;
import static dev.gyre.simulated.TwoHosts.inWorld;
import static dev.gyre.simulated.TwoHosts.onLink;
import static dev.gyre.simulated.TwoHosts.reason;
import static dev.gyre.simulated.TwoHosts.simulate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Address;
import dev.gyre.io.CanceledException;
import dev.gyre.io.ConnectOptions;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Reason;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections between the hosts of a simulation. */
@Tag("S2")
@Tag("T12")
final class WorldStreamTest {
    @Test
    void eachPacketTakesTheLatency() {
        for (long seed = 0; seed < 20; seed++) {
            onLink(seed, SLOW, two -> {
                Task<List<Duration>, Exception> server = two.serve((io, connection) -> {
                    List<Duration> times = new ArrayList<>(List.of(age(io)));
                    int asked = read(connection);
                    times.add(age(io));
                    write(connection, asked + 1);
                    assertThat(read(connection)).isEqualTo(-1);
                    times.add(age(io));
                    return times;
                });
                List<Duration> client = two.ask((io, connection) -> {
                    List<Duration> times = new ArrayList<>(List.of(age(io)));
                    write(connection, 41);
                    assertThat(read(connection)).isEqualTo(42);
                    times.add(age(io));
                    return times;
                });
                // There and back to connect, which the server knows of only then; there and back to ask.
                assertThat(client).containsExactly(LATENCY.multipliedBy(2), LATENCY.multipliedBy(4));
                assertThat(server.await()).containsExactly(
                        LATENCY.multipliedBy(3), LATENCY.multipliedBy(3), LATENCY.multipliedBy(5));
            });
        }
    }

    @Test
    void bothEndsKnowEachOther() {
        onLink(2, LinkOptions.DEFAULT, two -> {
            Task<List<Address>, Exception> server = two.serve((io, connection) ->
                    List.of(connection.localAddress(), connection.remoteAddress()));
            List<Address> client = two.ask((io, connection) ->
                    List.of(connection.remoteAddress(), connection.localAddress()));
            assertThat(client).containsExactly(
                    IpAddress.parse("10.1.0.1", PORT), IpAddress.parse("10.1.0.2", 32_768));
            assertThat(server.await()).isEqualTo(client);
        });
    }

    @Test
    void aListenerOfIp6HearsBothFamilies() {
        onLink(3, LinkOptions.DEFAULT, two -> {
            Task<Integer, Exception> serving = two.server().start(io -> {
                try (Listener listener = io.listen(Ip6Address.unspecified(PORT), ListenOptions.DEFAULT)) {
                    two.ready().set();
                    int sum = 0;
                    for (int i = 0; i < 2; i++) {
                        try (Connection connection = listener.accept()) {
                            sum += read(connection);
                        }
                    }
                    return sum;
                }
            });
            two.client().run(io -> {
                two.ready().await();
                for (IpAddress address : two.server().addresses()) {
                    try (Connection connection = io.connect(address.withPort(PORT))) {
                        write(connection, 21);
                    }
                }
                return null;
            });
            assertThat(serving.await()).isEqualTo(42);
        });
    }

    @Test
    void bandwidthBoundsThroughput() {
        int bytes = 10_000_000;
        LinkOptions narrow = LinkOptions.DEFAULT.withLatency(LATENCY).withBytesPerSecond(1_000_000);
        onLink(4, narrow, two -> {
            Task<Duration, Exception> server = two.serve((io, connection) -> {
                Duration start = age(io);
                assertThat(drain(connection)).isEqualTo(bytes);
                return age(io).minus(start);
            });
            two.ask((io, connection) -> {
                connection.writeAll(buffer(bytes));
                return null;
            });
            // The first byte leaves when the server's end is granted, and arrives when that is accepted.
            assertThat(server.await()).isEqualTo(Duration.ofSeconds(10));
        });
    }

    @Test
    void connectionsShareTheBandwidthOfTheirInterface() {
        LinkOptions narrow = LinkOptions.DEFAULT.withLatency(LATENCY).withBytesPerSecond(1_000_000);
        Duration elapsed = simulate(5, world -> {
            Link link = world.link(narrow);
            Host server = world.host("server", link);
            Host client = world.host("client", link);
            ResetEvent ready = world.io().resetEvent();
            Task<?, Exception> serving = server.start(io -> {
                List<Task<Long, Exception>> draining = new ArrayList<>();
                try (Listener listener = io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT)) {
                    ready.set();
                    for (int i = 0; i < 4; i++) {
                        Connection connection = listener.accept();
                        draining.add(io.concurrent(() -> {
                            try (connection) {
                                return drain(connection);
                            }
                        }));
                    }
                    for (Task<Long, Exception> each : draining) {
                        assertThat(each.await()).isEqualTo(500_000);
                    }
                }
                return null;
            });
            ready.await();
            List<Task<Object, Exception>> sending = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                sending.add(client.start(io -> {
                    try (Connection connection = io.connect(server.address(PORT))) {
                        connection.writeAll(buffer(500_000));
                    }
                    return null;
                }));
            }
            for (Task<Object, Exception> each : sending) {
                each.await();
            }
            serving.await();
            return null;
        }).elapsed();
        // Two seconds to send, a way there and back to connect, and one for the last byte.
        assertThat(elapsed).isEqualTo(Duration.ofSeconds(2).plus(LATENCY.multipliedBy(3)));
    }

    @Test
    void noMoreIsInFlightThanTheWindow() {
        int window = 10_000;
        int bytes = 10 * window;
        onLink(6, SLOW.withInFlightBytesMax(window), two -> {
            Task<Long, Exception> server = two.serve((io, connection) -> drain(connection));
            Duration took = two.ask((io, connection) -> {
                Duration start = age(io);
                connection.writeAll(buffer(bytes));
                return age(io).minus(start);
            });
            assertThat(took).isEqualTo(LATENCY.multipliedBy(2 * 9));
            assertThat(server.await()).isEqualTo(bytes);
        });
    }

    @Test
    void aReaderWhoDoesNotReadHoldsTheWriterUp() {
        onLink(7, SLOW.withInFlightBytesMax(1000), two -> {
            Task<Long, Exception> server = two.serve((io, connection) -> {
                io.sleep(Duration.ofSeconds(5));
                return drain(connection);
            });
            Duration written = two.ask((io, connection) -> {
                connection.writeAll(buffer(1001));
                return age(io);
            });
            assertThat(written).isEqualTo(Duration.ofSeconds(5).plus(LATENCY.multipliedBy(4)));
            assertThat(server.await()).isEqualTo(1001);
        });
    }

    /** Although nobody can read it any more. */
    @Test
    void whatFindsNoMemoryIsNotInFlightForEver(@TempDir Path folder) {
        onLink(19, SLOW.withInFlightBytesMax(1000), two -> {
            Task<Long, Exception> server = two.serve((io, connection) -> {
                MemorySegment gone = Pair.gone(folder);
                assertThat(reason(() -> connection.read(gone))).isEqualTo(Reason.MEMORY_GONE);
                return drain(connection);
            });
            two.ask((io, connection) -> {
                connection.writeAll(buffer(1000));
                connection.writeAll(buffer(1000));
                return null;
            });
            assertThat(server.await()).isEqualTo(1000);
        });
    }

    @Test
    void jitterIsTheSeedsAndKeepsTheOrder() {
        Set<Duration> times = new HashSet<>();
        for (long seed = 0; seed < 10; seed++) {
            WorldProgram<String> program = world -> {
                TwoHosts two = TwoHosts.on(world, SLOW.withJitter(Duration.ofMillis(50)));
                Task<String, Exception> server = two.serve((io, connection) -> {
                    StringBuilder text = new StringBuilder();
                    for (int next = read(connection); next >= 0; next = read(connection)) {
                        text.append((char) next);
                    }
                    return text.toString();
                });
                two.ask((io, connection) -> {
                    for (char each : "in order".toCharArray()) {
                        write(connection, each);
                    }
                    return null;
                });
                return server.await();
            };
            SimulationResult<String> result = simulate(seed, program);
            assertThat(result.value()).isEqualTo("in order");
            assertThat(result.elapsed()).isGreaterThan(LATENCY.multipliedBy(3));
            assertThat(simulate(seed, program).elapsed()).isEqualTo(result.elapsed());
            times.add(result.elapsed());
        }
        assertThat(times).hasSizeGreaterThan(5);
    }

    @Test
    void whereNobodyListensItIsRefusedAfterAWayThereAndBack() {
        onLink(8, SLOW, two -> {
            two.client().run(io -> {
                assertThat(reason(() -> io.connect(two.server().address(PORT)))).isEqualTo(Reason.CONNECTION_REFUSED);
                assertThat(age(io)).isEqualTo(LATENCY.multipliedBy(2));
                return null;
            });
        });
    }

    @Test
    void whereNoWayLeadsItIsToldAtOnce() {
        inWorld(9, world -> {
            Link one = world.link(SLOW);
            Link other = world.link(SLOW);
            Host here = world.host("here", one);
            Host there = world.host("there", other);
            here.run(io -> {
                for (IpAddress address : there.addresses()) {
                    assertThat(reason(() -> io.connect(address.withPort(PORT))))
                            .isEqualTo(Reason.NETWORK_UNREACHABLE);
                }
                assertThat(reason(() -> io.connect(IpAddress.parse("192.0.2.1", PORT))))
                        .isEqualTo(Reason.NETWORK_UNREACHABLE);
                assertThat(age(io)).isZero();
                return null;
            });
            assertThat(reason(() -> world.io().connect(here.address(PORT)))).isEqualTo(Reason.NETWORK_UNREACHABLE);
        });
    }

    @Test
    void whereNobodyHasTheAddressIsNoticedOnOnesOwnLinkAndTimesOutElsewhere() {
        inWorld(10, world -> {
            Link one = world.link(SLOW);
            Link other = world.link(SLOW);
            Host here = world.host("here", one);
            world.router(one, other);
            here.run(io -> {
                assertThat(reason(() -> io.connect(IpAddress.parse("10.1.0.99", PORT))))
                        .isEqualTo(Reason.HOST_UNREACHABLE);
                assertThat(age(io)).isEqualTo(Duration.ofSeconds(3));
                assertThat(reason(() -> io.connect(IpAddress.parse("10.2.0.99", PORT))))
                        .isEqualTo(Reason.TIMED_OUT);
                assertThat(age(io)).isEqualTo(Duration.ofSeconds(3 + 127));
                return null;
            });
        });
    }

    @Test
    void aRouterLeadsFromLinkToLink() {
        inWorld(11, world -> {
            Link near = world.link(SLOW);
            Link far = world.link(SLOW.withLatency(Duration.ofMillis(40)));
            Host server = world.host("server", far);
            Host client = world.host("client", near);
            world.router(near, far);
            TwoHosts two = new TwoHosts(world, server, client, world.io().resetEvent());
            Task<Integer, Exception> serving = two.serve((io, connection) -> read(connection));
            Duration connected = two.ask((io, connection) -> {
                write(connection, 7);
                return age(io);
            });
            assertThat(connected).isEqualTo(Duration.ofMillis(90));
            assertThat(serving.await()).isEqualTo(7);
        });
    }

    /** Longer than it takes to ask again. */
    @Test
    void aSlowAnswerIsNoSecondConnection() {
        onLink(12, SLOW.withLatency(Duration.ofSeconds(10)), two -> {
            Task<Integer, Exception> serving = two.server().start(io -> {
                try (Listener listener = io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT)) {
                    two.ready().set();
                    listener.accept().close();
                    io.sleep(Duration.ofSeconds(100));
                    return io.select(List.of(
                            io.concurrent(listener::accept), io.concurrent(() -> {
                                io.sleep(Duration.ofSeconds(1));
                                return null;
                            })));
                }
            });
            two.ready().await();
            two.ask((io, connection) -> {
                assertThat(age(io)).isEqualTo(Duration.ofSeconds(20));
                assertThat(read(connection)).isEqualTo(-1);
                return null;
            });
            assertThat(serving.await()).as("nobody else connects").isEqualTo(1);
        });
    }

    @Test
    void whatIsWrittenToAnEndThatIsClosedResetsTheConnection() {
        onLink(13, SLOW, two -> {
            Task<Object, Exception> server = two.serve((io, connection) -> "closes at once");
            two.ask((io, connection) -> {
                server.await();
                io.sleep(LATENCY);
                write(connection, 1);
                assertThat(read(connection)).as("the server has ended first").isEqualTo(-1);
                io.sleep(LATENCY.multipliedBy(2));
                assertThat(reason(() -> write(connection, 2))).isEqualTo(Reason.BROKEN_PIPE);
                return null;
            });
        });
    }

    @Test
    void closingWithoutHavingReadAllIsHeardAsAReset() {
        onLink(14, SLOW, two -> {
            Task<Object, Exception> server = two.serve((io, connection) -> {
                assertThat(read(connection)).isEqualTo(1);
                return "leaves the rest";
            });
            two.ask((io, connection) -> {
                connection.writeAll(buffer(100).fill((byte) 1));
                assertThat(reason(() -> read(connection))).isEqualTo(Reason.CONNECTION_RESET);
                return null;
            });
            server.await();
        });
    }

    @Test
    void oneDirectionCanEndBeforeTheOther() {
        onLink(15, SLOW, two -> {
            Task<Object, Exception> server = two.serve((io, connection) -> {
                assertThat(drain(connection)).isEqualTo(3);
                write(connection, 9);
                return "";
            });
            two.ask((io, connection) -> {
                connection.writeAll(buffer(3));
                connection.shutdown(Direction.WRITE);
                assertThat(read(connection)).isEqualTo(9);
                assertThat(read(connection)).isEqualTo(-1);
                return null;
            });
            server.await();
        });
    }

    @Test
    void whereTheQueueIsFullItIsAskedAgain() {
        onLink(16, SLOW, two -> {
            Task<Object, Exception> serving = two.server().start(io -> {
                try (Listener listener = io.listen(
                        Ip4Address.unspecified(PORT), ListenOptions.DEFAULT.withBacklog(1))) {
                    two.ready().set();
                    io.sleep(Duration.ofMillis(500));
                    listener.accept().close();
                    listener.accept().close();
                    return "";
                }
            });
            two.client().run(io -> {
                two.ready().await();
                try (Connection _ = io.connect(two.server().address(PORT));
                        Connection _ = io.connect(two.server().address(PORT))) {
                    assertThat(age(io)).as("a second after the first question")
                            .isEqualTo(Duration.ofSeconds(1).plus(LATENCY.multipliedBy(4)));
                }
                return null;
            });
            serving.await();
        });
    }

    @Test
    void aListenerThatClosesLeavesNobodyInItsQueue() {
        onLink(17, SLOW, two -> {
            Task<Object, Exception> serving = two.server().start(io -> {
                try (Listener _ = io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT)) {
                    two.ready().set();
                    io.sleep(LATENCY.multipliedBy(10));
                }
                // Its port is nobody's.
                io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT).close();
                return "";
            });
            two.ready().await();
            two.ask((io, connection) -> {
                assertThat(reason(() -> read(connection))).isEqualTo(Reason.CONNECTION_RESET);
                assertThat(age(io)).isEqualTo(LATENCY.multipliedBy(11));
                return null;
            });
            serving.await();
        });
    }

    /** A connection may be there at one end when the other gives up. */
    @Test
    void canceledAtAnyMomentAConnectionLeavesNothing() {
        Duration step = LATENCY.dividedBy(2);
        for (int steps = 0; steps < 8; steps++) {
            int waits = steps;
            for (long seed = 0; seed < 20; seed++) {
                inWorld(seed, world -> {
                    TwoHosts two = TwoHosts.on(world, SLOW);
                    Task<?, Exception> serving = two.server().start(io -> {
                        try (Listener listener = io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT)) {
                            two.ready().set();
                            while (true) {
                                try (Connection connection = listener.accept()) {
                                    assertThat(connection.read(buffer(1))).isEqualTo(-1);
                                } catch (IoException reset) {
                                    assertThat(reset.reason()).isEqualTo(Reason.CONNECTION_RESET);
                                }
                            }
                        }
                    });
                    two.client().run(io -> {
                        two.ready().await();
                        Task<?, Exception> connecting = io.concurrent(() -> {
                            io.connect(two.server().address(PORT)).close();
                            return null;
                        });
                        io.sleep(step.multipliedBy(waits));
                        try {
                            connecting.cancel();
                        } catch (CanceledException expected) {
                            assertThat(waits).isLessThanOrEqualTo(4);
                        }
                        // The port from which it was asked is free again but for a connection that ended here.
                        io.connect(two.server().address(PORT)).close();
                        return null;
                    });
                    world.io().sleep(Duration.ofSeconds(1));
                    assertThatThrownBy(serving::cancel).isInstanceOf(CanceledException.class);
                });
            }
        }
    }

    @Test
    void whoIsBoundToALoopbackAddressGetsNowhere() {
        onLink(18, SLOW, two -> {
            two.client().run(io -> {
                ConnectOptions inside = ConnectOptions.DEFAULT.withLocal(Ip4Address.loopback(0));
                assertThat(reason(() -> io.connect(two.server().address(PORT), inside)))
                        .isEqualTo(Reason.NETWORK_UNREACHABLE);
                return null;
            });
        });
    }
}
