package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.Io;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operations that end by themselves at the moment at which they are told to stop. Whichever is faster, nothing is lost:
 * no connection, no byte, and nobody waits for ever.
 */
@StressRun
@Tag("T3")
abstract class StressConformance {
    @Test
    @Tag("T8")
    void sleep(Io io) throws Exception {
        Race race = new Race(io, "sleep");
        for (int i = 0; i < race.rounds(); i++) {
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
            for (int i = 0; i < race.rounds(); i++) {
                Task<Connection, Exception> accepting = io.concurrent(listener::accept);
                try (Connection client = io.connect(listener.localAddress())) {
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
            for (int i = 0; i < race.rounds(); i++) {
                Connection connected = race.run(() -> io.connect(listener.localAddress()));
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
            for (int i = 0; i < race.rounds(); i++) {
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
            long written = Sockets.fill(io, pair.client());
            MemorySegment chunk = arena.allocate(2000);
            MemorySegment taken = arena.allocate(64 * 1024);
            long received = 0;
            for (int i = 0; i < race.rounds(); i++) {
                Task<Integer, Exception> writing = io.concurrent(() -> pair.client().write(chunk));
                received += pair.server().read(taken);
                Integer count = race.end(writing);
                written += count == null ? 0 : count;
                if (written == received) {
                    written += Sockets.fill(io, pair.client());
                }
            }
            pair.client().shutdown(Direction.WRITE);
            assertThat(received + Sockets.drain(pair.server())).isEqualTo(written);
        }
        race.assertBothWays();
    }
}
