package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing a socket that is in use: everybody hears of it, and nobody meets the number's next owner. */
@Tag("P9")
abstract class CloseConformance {
    private static final Duration LONG = Duration.ofHours(1);

    @ParameterizedTest
    @EnumSource
    void endsAccepts(Caller caller, Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : Sockets.Family.values()) {
            Listener listener = family.listen(io, folder);
            List<Caller.Call<Connection>> accepting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                accepting.add(caller.start(io, listener::accept).blocked());
            }
            listener.close();
            for (Caller.Call<Connection> each : accepting) {
                assertFails(Operation.ACCEPT, Reason.CLOSED, each::result);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsReads(Caller caller, Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : Sockets.Family.values()) {
            for (Timeout timeout : List.of(Timeout.NONE, Timeout.after(LONG))) {
                try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder); Arena arena = Arena.ofShared()) {
                    List<Caller.Call<Integer>> reading = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        MemorySegment buffer = arena.allocate(8);
                        reading.add(caller.<Integer>start(
                            io, () -> io.within(timeout, () -> pair.client().read(buffer))).blocked());
                    }
                    pair.client().close();
                    for (Caller.Call<Integer> each : reading) {
                        assertFails(Operation.READ, Reason.CLOSED, each::result);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsWrites(Caller caller, Io io, @TempDir Path folder) throws Exception {
        for (Sockets.Family family : Sockets.Family.values()) {
            try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder); Arena arena = Arena.ofShared()) {
                MemorySegment tooMuch = arena.allocate(Sockets.TOO_MUCH);
                Caller.Call<Object> writing = caller.start(io, () -> {
                    pair.client().writeAll(tooMuch);
                    return null;
                }).blocked();
                pair.client().close();
                assertFails(Operation.WRITE, Reason.CLOSED, writing::result);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isFinal(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(8);
                Connection closed = pair.client();
                closed.close();
                closed.close();
                assertFails(Operation.READ, Reason.CLOSED, () -> closed.read(buffer));
                assertFails(Operation.READ, Reason.CLOSED,
                        () -> io.within(Timeout.after(LONG), () -> closed.read(buffer)));
                assertFails(Operation.WRITE, Reason.CLOSED, () -> closed.write(buffer));
                assertFails(Operation.SHUTDOWN, Reason.CLOSED, () -> closed.shutdown(Direction.BOTH));
                assertThat(catchThrowableOfType(IoException.class, closed::localAddress).reason())
                        .isEqualTo(Reason.CLOSED);
                Sockets.assertEnds(pair.server());
            }
        });
    }

    /** Bytes that arrived and were never read go with the connection, and hold no buffer. */
    @ParameterizedTest
    @EnumSource
    void dropsWhatWasNotRead(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            for (int i = 0; i < 50; i++) {
                try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofConfined()) {
                    pair.client().writeAll(arena.allocate(40_000));
                    assertThat(pair.server().read(arena.allocate(1))).isEqualTo(1);
                }
            }
        });
    }

    /**
     * The kernel gives the number of a closed socket to the next one at once. A reader of the old one must hear that
     * it is closed, and none of what is written to the new one.
     */
    @ParameterizedTest
    @EnumSource
    void nobodyReadsFromTheNextOwnerOfTheNumber(Caller caller, Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
            for (int i = 0; i < 100; i++) {
                Sockets.Pair old = Sockets.Pair.open(io, listener);
                CountDownLatch reading = new CountDownLatch(1);
                Caller.Call<Object> reader = caller.start(io, () -> {
                    reading.countDown();
                    while (true) {
                        assertThat(Sockets.readOne(old.client())).as("a stranger's byte").isEqualTo(-1);
                    }
                });
                reading.await();
                old.client().close();
                try (Sockets.Pair fresh = Sockets.Pair.open(io, listener)) {
                    Sockets.assertConnected(fresh.client(), fresh.server());
                }
                assertFails(Operation.READ, Reason.CLOSED, reader::result);
                old.close();
            }
        }
    }

    @Test
    void manyMayCloseAtOnce(Io io) throws Exception {
        for (int i = 0; i < 50; i++) {
            Sockets.Pair pair = Sockets.Pair.open(io);
            List<Caller.Call<Object>> closers = new ArrayList<>();
            for (Caller caller : Caller.values()) {
                closers.add(caller.start(io, () -> {
                    pair.close();
                    return null;
                }));
            }
            for (Caller.Call<Object> closer : closers) {
                assertThatCode(closer::result).doesNotThrowAnyException();
            }
        }
    }

    @Test
    @Tag("T3")
    void andCancelingAtTheSameTime(Io io) throws Exception {
        for (int i = 0; i < 100; i++) {
            try (Sockets.Pair pair = Sockets.Pair.open(io)) {
                Task<Integer, Exception> reading = io.concurrent(() -> Sockets.readOne(pair.client()));
                Task<Object, Exception> closing = io.concurrent(() -> {
                    pair.client().close();
                    return null;
                });
                try {
                    reading.cancel();
                    throw new AssertionError("neither heard");
                } catch (CanceledException canceled) {
                    // One of the two.
                } catch (IoException closed) {
                    assertThat(closed.reason()).isEqualTo(Reason.CLOSED);
                }
                closing.await();
            }
        }
    }

    /** What is not cut short goes on for one whose thread is interrupted already, and the interrupt is there after. */
    @ParameterizedTest
    @EnumSource
    @Tag("T4")
    void closesAndReadsForOneThatIsToStop(Caller caller, Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            Caller.Call<Boolean> reader = caller.start(io, () -> {
                Thread.currentThread().interrupt();
                int count = io.protect(() -> pair.server().read(new byte[10]));
                pair.server().close();
                assertThat(count).isEqualTo(5);
                return Thread.interrupted();
            });
            reader.blocked();
            pair.client().writeAll(new byte[5]);
            assertThat(reader.result()).as("still interrupted").isTrue();
            assertThat(pair.client().read(new byte[10])).isEqualTo(-1);
        }
    }
}
