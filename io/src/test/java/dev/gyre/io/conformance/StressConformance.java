package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.Io;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operations that end by themselves at the moment at which they are told to stop. Whichever is faster, nothing is lost:
 * no connection, no byte, and nobody waits for ever. {@code -Dgyre.stress.rounds=100000} makes more of it.
 */
@Tag("T3")
@org.junit.jupiter.api.Timeout(
        value = 1, unit = TimeUnit.HOURS, threadMode = org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD)
abstract class StressConformance {
    private static final int ROUNDS = Integer.getInteger("gyre.stress.rounds", 300);

    @Test
    @Tag("T8")
    void sleep(Io io) throws Exception {
        Race race = new Race(io, "sleep");
        for (int i = 0; i < ROUNDS; i++) {
            race.run(() -> {
                io.sleep(Duration.ofNanos(50_000));
                return true;
            });
        }
        race.assertBothWays();
    }

    @Test
    @Tag("A3")
    void accept(Io io) throws Exception {
        Race race = new Race(io, "accept");
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
            for (int i = 0; i < ROUNDS; i++) {
                Task<Connection, Exception> accepting = io.concurrent(listener::accept);
                try (Connection client = io.connect(listener.localAddress(), Timeout.NONE)) {
                    Connection accepted = race.end(accepting);
                    try (Connection server = accepted == null ? listener.accept() : accepted) {
                        Sockets.assertConnected(client, server);
                    }
                }
            }
        }
        race.assertBothWays();
    }

    @Test
    @Tag("T12")
    void connect(Io io) throws Exception {
        Race race = new Race(io, "connect");
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
            Task<Object, Exception> acceptor = io.concurrent(() -> {
                while (true) {
                    listener.accept().close();
                }
            });
            for (int i = 0; i < ROUNDS; i++) {
                Connection connected = race.run(() -> io.connect(listener.localAddress(), Timeout.NONE));
                if (connected != null) {
                    Sockets.assertEnds(connected);
                    connected.close();
                }
            }
            Sockets.cancel(acceptor);
        }
        race.assertBothWays();
    }

    @Test
    @Tag("T12")
    void read(Io io) throws Exception {
        Race race = new Race(io, "read");
        try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofShared()) {
            MemorySegment sent = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment received = arena.allocate(ValueLayout.JAVA_INT);
            for (int i = 0; i < ROUNDS; i++) {
                Task<Integer, Exception> reading = io.concurrent(() -> pair.server().read(received));
                sent.set(ValueLayout.JAVA_INT, 0, i);
                pair.client().writeAll(sent);
                if (race.end(reading) == null) {
                    Sockets.readFully(pair.server(), received);
                }
                assertThat(received.get(ValueLayout.JAVA_INT, 0)).isEqualTo(i);
            }
            pair.client().shutdown(Direction.WRITE);
            Sockets.assertEnds(pair.server());
        }
        race.assertBothWays();
    }

    /** A canceled write has written nothing, so the peer receives what the others say that they have written. */
    @Test
    @Tag("T12")
    void write(Io io, @TempDir Path folder) throws Exception {
        Race race = new Race(io, "write");
        try (Sockets.Pair pair = Sockets.Pair.open(io, Sockets.Family.UNIX_PATH, folder);
                Arena arena = Arena.ofShared()) {
            long written = Sockets.fill(pair.client());
            MemorySegment chunk = arena.allocate(2000);
            MemorySegment taken = arena.allocate(64 * 1024);
            long received = 0;
            for (int i = 0; i < ROUNDS; i++) {
                Task<Integer, Exception> writing = io.concurrent(() -> pair.client().write(chunk));
                received += pair.server().read(taken);
                Integer count = race.end(writing);
                written += count == null ? 0 : count;
                if (written == received) {
                    written += Sockets.fill(pair.client());
                }
            }
            pair.client().shutdown(Direction.WRITE);
            assertThat(received + Sockets.drain(pair.server())).isEqualTo(written);
        }
        race.assertBothWays();
    }

    /**
     * Tells tasks to stop at about the time at which they end. After one that ended the next is told earlier, after one
     * that was stopped later: so each is as likely as the other, on any machine.
     */
    private static final class Race {
        private static final long STEP_NANOS = 2_000;

        private final Random random = new Random(1);
        private final Io io;
        private final String name;
        private long delayNanos;
        private int completed;
        private int canceled;

        Race(Io io, String name) {
            this.io = io;
            this.name = name;
        }

        /** Starts it and tells it to stop. */
        <T> @Nullable T run(Body<T, Exception> body) throws Exception {
            return end(io.concurrent(body));
        }

        /** Tells a task to stop. Returns its result, or null if it heard. */
        <T> @Nullable T end(Task<T, Exception> task) throws Exception {
            Busy.computeFor(Duration.ofNanos(delayNanos + random.nextInt((int) STEP_NANOS)));
            try {
                T result = task.cancel();
                completed++;
                delayNanos = Math.max(0, delayNanos - STEP_NANOS);
                return result;
            } catch (CanceledException heard) {
                canceled++;
                delayNanos += STEP_NANOS;
                return null;
            }
        }

        void assertBothWays() {
            if (ROUNDS > 10_000) {
                System.out.println(name + " on " + io.backend() + ": " + completed + " completed, " + canceled
                        + " canceled");
                assertThat(completed).isPositive();
            }
            assertThat(completed + canceled).isEqualTo(ROUNDS);
        }
    }
}
