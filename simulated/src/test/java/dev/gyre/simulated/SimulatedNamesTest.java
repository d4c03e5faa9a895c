package dev.gyre.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Clock;
import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.IpFamily;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.Reason;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names of a simulated world. */
@Tag("T16")
final class SimulatedNamesTest {
    private static final int PORT = 7000;

    private static final SimulationOptions WORLD = SimulationOptions.ofSeed(3)
            .withName("Server.example", Ip4Address.loopback(0), Ip6Address.loopback(0))
            .withName("four.example", Ip4Address.loopback(0))
            .withName("empty.example");

    private static List<IpAddress> all(Io io, String host, LookupOptions options) throws IoException {
        try (Lookup lookup = io.lookup(host, options)) {
            return lookup.all();
        }
    }

    private static void assertFails(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(IoException.class, failed ->
                assertThat(failed.reason()).isEqualTo(reason));
    }

    @Test
    void namesComeFromTheWorld() {
        Simulation.run(WORLD, io -> {
            LookupOptions any = LookupOptions.DEFAULT;
            assertThat(all(io, "SERVER.example.", any)).containsExactly(Ip4Address.loopback(0), Ip6Address.loopback(0));
            assertThat(all(io, "server.example", any.withFamily(IpFamily.IP6)))
                    .containsExactly(Ip6Address.loopback(0));
            assertThat(all(io, "www.localhost", any)).hasSize(2);
            assertThat(all(io, "192.0.2.1", any)).containsExactly(IpAddress.parse("192.0.2.1", 0));
            assertFails(Reason.NO_ADDRESS, () -> all(io, "empty.example", any));
            assertFails(Reason.NO_ADDRESS, () -> all(io, "four.example", any.withFamily(IpFamily.IP6)));
            assertFails(Reason.NO_ADDRESS, () -> all(io, "192.0.2.1", any.withFamily(IpFamily.IP6)));
            assertFails(Reason.UNKNOWN_HOST, () -> all(io, "none.example", any));
            assertFails(Reason.BAD_HOST_NAME, () -> all(io, "127.1", any));
            assertFails(Reason.BAD_HOST_NAME, () -> all(io, "1.2.3.256", any));
            assertFails(Reason.BAD_HOST_NAME, () -> all(io, "::1::", any));
            return null;
        });
    }

    @Test
    void aHostIsConnectedToByItsName() {
        for (int seed = 0; seed < 50; seed++) {
            SimulationOptions world = SimulationOptions.ofSeed(seed).withName("server.example",
                    Ip4Address.loopback(0), Ip6Address.loopback(0));
            Simulation.run(world, io -> {
                try (Listener listener = io.listen(Ip4Address.loopback(PORT), ListenOptions.DEFAULT);
                        Connection connection = io.connect("server.example", PORT)) {
                    assertThat(connection.remoteAddress()).isEqualTo(Ip4Address.loopback(PORT));
                    listener.accept().close();
                }
                // Nobody listens at ::1, which is told at once.
                assertThat(io.now(Clock.AWAKE).nanoseconds()).isLessThan(Duration.ofSeconds(1).toNanos());
                assertFails(Reason.CONNECTION_REFUSED, () -> io.connect("server.example", PORT));
                return null;
            });
        }
    }

    @Test
    void canceledInAnyOrderNothingIsLeft() {
        for (int seed = 0; seed < 200; seed++) {
            SimulationOptions world = SimulationOptions.ofSeed(seed).withName("server.example",
                    Ip4Address.loopback(0), Ip6Address.loopback(0));
            Simulation.run(world, io -> {
                try (Listener _ = io.listen(Ip4Address.loopback(PORT), ListenOptions.DEFAULT);
                        Listener _ = io.listen(Ip6Address.loopback(PORT), ListenOptions.DEFAULT)) {
                    var task = io.<Object, IoException>concurrent(() -> {
                        io.connect("server.example", PORT).close();
                        return "";
                    });
                    try {
                        var _ = task.cancel();
                    } catch (dev.gyre.io.CanceledException expected) {
                        // It may have been in time, too.
                    }
                }
                return null;
            });
        }
    }
}
