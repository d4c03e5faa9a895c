package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static dev.gyre.io.conformance.Failures.assertLate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.Address;
import dev.gyre.io.Clock;
import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Placement;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.UnixAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connecting, and why it can fail. */
@Tag("T12")
abstract class ConnectConformance {
    private static final Duration SHORT = Duration.ofMillis(50);

    @ParameterizedTest
    @EnumSource
    @Tag("T13")
    @Tag("A1")
    void bothEndsKnowBothAddresses(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        try (Listener listener = family.listen(io, folder); Sockets.Pair pair = Sockets.Pair.open(io, listener)) {
            assertThat(pair.client().localAddress()).isEqualTo(pair.server().remoteAddress());
            assertThat(pair.server().localAddress()).isEqualTo(pair.client().remoteAddress());
            assertThat(pair.client().remoteAddress()).isEqualTo(listener.localAddress());
            if (listener.localAddress() instanceof UnixAddress) {
                assertThat(pair.client().localAddress()).as("no name").isEqualTo(new UnixAddress(""));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IP4", "IP6", "UNIX_ABSTRACT", "UNIX_PATH"})
    @Tag("T13")
    void isRefusedWhereNobodyListens(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        Address address;
        try (Listener listener = family.listen(io, folder)) {
            address = listener.localAddress();
        }
        for (Caller caller : Caller.values()) {
            caller.run(io, () -> {
                assertFails(Operation.CONNECT, Reason.CONNECTION_REFUSED, () -> io.connect(address));
            });
        }
    }

    @Test
    void nobodyListensAtPortZero(Io io) {
        assertThat(catchThrowableOfType(IoException.class, () -> io.connect(Ip4Address.loopback(0))))
                .extracting(IoException::reason).isIn(Reason.CONNECTION_REFUSED, Reason.ADDRESS_NOT_AVAILABLE);
    }

    /** A listener whose queue is full leaves those who connect without an answer. */
    @ParameterizedTest
    @EnumSource(names = {"IP4", "UNIX_PATH", "UNIX_ABSTRACT"})
    @Tag("T8")
    void runsOutOfTime(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        try (Listener listener = family.listen(io, folder, ListenOptions.DEFAULT.withBacklog(1))) {
            List<Connection> places = Sockets.fill(io, listener);
            for (Caller caller : Caller.values()) {
                caller.run(io, () -> assertLate(io, SHORT, () -> io.connect(listener.localAddress())));
            }
            for (Clock clock : List.of(Clock.REAL, Clock.AWAKE, Clock.BOOT)) {
                Timestamp end = io.now(clock).plus(SHORT);
                assertLate(io, end, () -> io.connect(listener.localAddress()));
            }
            assertLate(io, new Timestamp(Clock.REAL, 0), () -> io.connect(listener.localAddress()));
            Sockets.closeAll(places);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T8")
    void isInTimeWhereSomebodyListens(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        try (Listener listener = family.listen(io, folder)) {
            for (Timeout timeout : List.of(Timeout.NONE, Timeout.after(Duration.ofHours(1)),
                    Timeout.after(Duration.ofSeconds(Long.MAX_VALUE)),
                    Timeout.at(new Timestamp(Clock.REAL, Long.MAX_VALUE)))) {
                try (Connection client = io.within(timeout, () -> io.connect(listener.localAddress()));
                        Connection server = listener.accept()) {
                    Sockets.assertConnected(client, server);
                }
            }
        }
    }

    /** A task that computes for a while and then connects gets all of its time. */
    @Test
    @Tag("T8")
    void itsTimeBeginsWithTheCall(Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT.withBacklog(1))) {
            List<Connection> places = Sockets.fill(io, listener);
            io.concurrent(() -> {
                Busy.computeFor(SHORT.multipliedBy(2));
                assertLate(io, SHORT, () -> io.connect(listener.localAddress()));
                return null;
            }).await();
            Sockets.closeAll(places);
        }
    }

    @Test
    void manyConnectAtOnce(Io io, Opener opener) throws Exception {
        int count = Math.min(500, opener.tasksAtOnce() / 4);
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
                var group = io.<IoException>group()) {
            for (int i = 0; i < count; i++) {
                group.concurrent(Placement.SPREAD, () -> {
                    try (Connection client = io.connect(listener.localAddress())) {
                        Sockets.assertEnds(client);
                    }
                });
            }
            for (int i = 0; i < count; i++) {
                listener.accept().close();
            }
            group.await();
        }
    }

    @Test
    @Tag("T17")
    void aMappedAddressReachesAnIp4Listener(Io io, @TempDir Path folder) throws Exception {
        Sockets.Family.IP6.listen(io, folder).close();
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
            Ip6Address mapped = Ip6Address.mapped((Ip4Address) listener.localAddress());
            try (Connection client = io.connect(mapped); Connection server = listener.accept()) {
                Sockets.assertConnected(client, server);
                assertThat(client.remoteAddress()).isEqualTo(mapped);
                assertThat(server.remoteAddress()).isInstanceOf(Ip4Address.class);
            }
        }
    }

    /** A connection that is there at the same moment as the end of the time is returned or closed, never lost. */
    @Test
    @Tag("T8")
    void losesNoDescriptorToATimeout(Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
            int inTime = 0;
            int late = 0;
            while (inTime + late < 300 || inTime == 0 || late == 0) {
                Timeout timeout = Timeout.after(Duration.ofNanos(ThreadLocalRandom.current().nextInt(200_000)));
                try {
                    io.within(timeout, () -> io.connect(listener.localAddress())).close();
                    inTime++;
                } catch (TimeoutException expected) {
                    late++;
                }
            }
        }
    }
}
