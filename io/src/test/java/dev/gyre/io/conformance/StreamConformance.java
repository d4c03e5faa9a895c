package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static dev.gyre.io.conformance.Failures.assertLate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.BoundedQueue;
import dev.gyre.io.Clock;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Placement;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reading, writing and shutting down connections. */
@Tag("T12")
abstract class StreamConformance {
    /** Linux keeps what was written with MSG_MORE for 200 ms; so many times that would be seen on any machine. */
    private static final int BURSTS = 50;

    private static final Duration BURSTS_TIME_MAX = Duration.ofMillis(100L * BURSTS);

    private static final int BURST = 10;

    private static final Duration SHORT = Duration.ofMillis(50);

    @ParameterizedTest
    @EnumSource
    @Tag("T13")
    void whatOneWritesTheOtherReads(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        for (Caller caller : Caller.values()) {
            caller.run(io, () -> {
                try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                    Sockets.assertConnected(pair.client(), pair.server());
                }
            });
        }
    }

    /** What had arrived is read, then the reset is heard, once. */
    @ParameterizedTest
    @EnumSource
    @Tag("T13")
    void aResetIsHeardAfterWhatHadArrived(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        for (Caller caller : Caller.values()) {
            caller.run(io, () -> {
                try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                    Sockets.writeOne(pair.server(), 1);
                    Sockets.writeOne(pair.client(), 2);
                    pair.server().close();
                    assertThat(Sockets.readOne(pair.client())).isEqualTo(1);
                    assertFails(Operation.READ, Reason.CONNECTION_RESET, () -> Sockets.readOne(pair.client()));
                    Sockets.assertEnds(pair.client());
                    assertFails(Operation.WRITE, Reason.BROKEN_PIPE, () -> Sockets.writeOne(pair.client(), 3));
                }
            });
        }
    }

    /** Who wonders why nothing happens sees which connection it is. */
    @ParameterizedTest
    @EnumSource
    @Tag("T3")
    void describesWhatIsWaitedFor(Caller caller, Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
            Caller.Call<Connection> accepting = caller.start(io, listener::accept).blocked();
            assertDescribed(io, "accept .*" + listener.localAddress() + "\\b.*");
            try (Connection client = io.connect(listener.localAddress()); Connection server = accepting.result()) {
                Caller.Call<Integer> reading = caller.start(io, () -> client.read(new byte[1])).blocked();
                assertDescribed(io, "(read|recv) .*" + listener.localAddress() + "\\b.*");
                Sockets.writeOne(server, 1);
                assertThat(reading.result()).isEqualTo(1);
            }
        }
    }

    private static void assertDescribed(Io io, String wait) {
        Eventually.await("somebody waits: " + wait, () -> io.describeTasks().matches(".* waits: " + wait));
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyBufferIsDoneAtOnce(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            try (Sockets.Pair pair = Sockets.Pair.open(io)) {
                assertThat(pair.client().read(MemorySegment.NULL)).isZero();
                assertThat(pair.client().write(MemorySegment.NULL)).isZero();
                pair.client().writeAll(MemorySegment.NULL);
                pair.server().shutdown(Direction.WRITE);
                Sockets.assertEnds(pair.client());
                assertThat(pair.client().read(MemorySegment.NULL)).as("at the end of the stream").isZero();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T20")
    void memoryThatNobodyMayWriteToIsNotReadInto(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofConfined()) {
                MemorySegment constant = arena.allocate(8).asReadOnly();
                Sockets.writeOne(pair.server(), 1);
                assertThatIllegalArgumentException().isThrownBy(() -> pair.client().read(constant));
                assertThat(pair.client().write(constant)).isEqualTo(8);
                assertThat(Sockets.readOne(pair.client())).as("nothing is lost").isEqualTo(1);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T8")
    void aReadThatRunsOutOfTimeLeavesTheConnectionAsItWas(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(16);
                for (int i = 0; i < 3; i++) {
                    assertLate(io, SHORT, () -> pair.server().read(buffer));
                    Sockets.assertConnected(pair.client(), pair.server());
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T8")
    void aDeadlineIsReadFromItsClock(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(16);
                for (Clock clock : List.of(Clock.REAL, Clock.AWAKE, Clock.BOOT)) {
                    Timestamp end = io.now(clock).plus(SHORT);
                    assertLate(io, end, () -> pair.server().read(buffer));
                    assertLate(io, new Timestamp(clock, Long.MIN_VALUE), () -> pair.server().read(buffer));
                    pair.client().writeAll(arena.allocateFrom("x"));
                    Timeout never = Timeout.at(new Timestamp(clock, Long.MAX_VALUE));
                    assertThat(io.<Integer, IoException>within(never, () -> pair.server().read(buffer))).isEqualTo(2);
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T8")
    void noTimeAtAllTakesNothing(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(16);
                assertLate(io, Duration.ZERO, () -> pair.server().read(buffer));
                Sockets.writeOne(pair.client(), 7);
                assertLate(io, Duration.ZERO, () -> pair.server().read(buffer));
                assertThat(Sockets.readOne(pair.server())).isEqualTo(7);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T8")
    void aWriteRunsOutOfTime(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io, Sockets.Family.UNIX_PATH, folder)) {
            long taken = Sockets.fill(io, pair.client());
            caller.run(io, () -> {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment more = arena.allocate(64 * 1024);
                    for (Clock clock : List.of(Clock.REAL, Clock.AWAKE, Clock.BOOT)) {
                        Timestamp end = io.now(clock).plus(SHORT);
                        assertFails(Operation.WRITE, Reason.TIMED_OUT,
                                () -> pair.client().writeAll(more, Timeout.at(end)));
                        assertThat(io.now(clock)).isGreaterThanOrEqualTo(end);
                    }
                    assertLate(io, SHORT, () -> pair.client().write(more));
                }
            });
            pair.client().shutdown(Direction.WRITE);
            assertThat(Sockets.drain(pair.server())).as("a write without time wrote nothing").isEqualTo(taken);
        }
    }

    /** A task that computes for a while and then reads gets all of its time. */
    @Test
    @Tag("T8")
    void theTimeBeginsWithTheCall(Io io, @TempDir Path folder) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io, Sockets.Family.UNIX_PATH, folder)) {
            long _ = Sockets.fill(io, pair.client());
            io.concurrent(() -> {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment buffer = arena.allocate(64 * 1024);
                    Busy.computeFor(SHORT.multipliedBy(2));
                    assertLate(io, SHORT, () -> pair.client().read(buffer));
                    Busy.computeFor(SHORT.multipliedBy(2));
                    assertLate(io, SHORT, () -> pair.client().write(buffer));
                }
                return null;
            }).await();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T13")
    void aHalfClosedConnectionStillCarriesTheOtherDirection(Sockets.Family family, Io io, @TempDir Path folder)
            throws Exception {
        for (Caller caller : Caller.values()) {
            caller.run(io, () -> {
                try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                    Sockets.writeOne(pair.client(), 1);
                    pair.client().shutdown(Direction.WRITE);
                    assertThat(Sockets.readOne(pair.server())).isEqualTo(1);
                    Sockets.assertEnds(pair.server());
                    Sockets.assertEnds(pair.server());
                    Sockets.writeOne(pair.server(), 2);
                    assertThat(Sockets.readOne(pair.client())).isEqualTo(2);
                    assertFails(Operation.WRITE, Reason.BROKEN_PIPE, () -> Sockets.writeOne(pair.client(), 3));
                    pair.server().shutdown(Direction.WRITE);
                    Sockets.assertEnds(pair.client());
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWaitingReadSeesTheEndWhenItsDirectionIsShutDown(Caller caller, Io io) throws Exception {
        for (Direction direction : List.of(Direction.READ, Direction.BOTH)) {
            try (Sockets.Pair pair = Sockets.Pair.open(io)) {
                Caller.Call<Integer> reading = caller.start(io, () -> Sockets.readOne(pair.client())).blocked();
                pair.client().shutdown(direction);
                assertThat(reading.result()).as("read after the shutdown of " + direction).isEqualTo(-1);
                Sockets.assertEnds(pair.client());
            }
        }
    }

    /** Neither what has arrived nor what will. */
    @ParameterizedTest
    @EnumSource
    void nothingIsReadOnceItsDirectionIsShutDown(Sockets.Family family, Io io, @TempDir Path folder)
            throws Exception {
        for (Caller caller : Caller.values()) {
            for (int before = 0; before < 2; before++) {
                try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                    pair.server().writeAll(new byte[3]);
                    for (int i = 0; i < before; i++) {
                        assertThat(caller.run(io, () -> Sockets.readOne(pair.client()))).isZero();
                    }
                    pair.client().shutdown(Direction.READ);
                    caller.run(io, () -> Sockets.assertEnds(pair.client()));
                    try {
                        pair.server().writeAll(new byte[5]);
                    } catch (IoException told) {
                        assertThat(told.reason()).isEqualTo(Reason.BROKEN_PIPE);
                    }
                    caller.run(io, () -> Sockets.assertEnds(pair.client()));
                    caller.run(io, () -> Sockets.assertEnds(pair.client()));
                }
            }
        }
    }

    /** The wake-up for one may be taken for that of the other. */
    @ParameterizedTest
    @EnumSource
    @StressRun
    void aReaderSeesTheEndOfItsDirectionThatComesWithBytes(Caller caller, Io io) throws Exception {
        for (int i = 0; i < Rounds.of(100); i++) {
            try (Sockets.Pair pair = Sockets.Pair.open(io)) {
                Caller.Call<Long> reading = caller.start(io, () -> Sockets.drain(pair.client()));
                Sockets.writeOne(pair.server(), 1);
                io.sleep(Duration.ofMillis(1));
                pair.server().writeAll(new byte[3]);
                pair.client().shutdown(Direction.READ);
                assertThat(reading.result()).isBetween(0L, 4L);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriterSeesThatItsDirectionHasEnded(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        for (Caller caller : Caller.values()) {
            for (boolean byPeer : List.of(false, true)) {
                // TCP does not tell a peer that nobody reads any more.
                if (byPeer && !family.name().startsWith("UNIX")) {
                    continue;
                }
                try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                    Caller.Call<Object> writing = caller.start(io, () -> {
                        assertFails(Operation.WRITE, Reason.BROKEN_PIPE, () -> {
                            while (true) {
                                pair.client().writeAll(new byte[64 * 1024]);
                            }
                        });
                        return null;
                    }).blocked();
                    if (byPeer) {
                        pair.server().shutdown(Direction.READ);
                    } else {
                        pair.client().shutdown(Direction.WRITE);
                    }
                    writing.result();
                }
            }
        }
    }

    /** A backend may let small writes leave together, but not keep them once their writer waits. */
    @ParameterizedTest
    @EnumSource
    void aBurstOfSmallWritesLeavesBeforeItsWriterWaits(Sockets.Family family, Io io, @TempDir Path folder)
            throws Exception {
        for (Caller caller : Caller.values()) {
            try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                Caller.Call<Object> answering = caller.start(io, () -> {
                    for (int i = 0; i < BURSTS; i++) {
                        assertThat(readFully(pair.server(), BURST)).isEqualTo(new byte[BURST]);
                        Sockets.writeOne(pair.server(), i);
                    }
                    return null;
                });
                Timestamp begin = io.now(Clock.AWAKE);
                caller.run(io, () -> {
                    for (int i = 0; i < BURSTS; i++) {
                        writeBurst(pair.client(), 0);
                        assertThat(Sockets.readOne(pair.client())).isEqualTo(i);
                    }
                });
                assertThat(io.now(Clock.AWAKE).since(begin)).isLessThan(BURSTS_TIME_MAX);
                answering.result();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void burstsOfSeveralWritersKeepTheirOrder(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder);
                Group<IoException> writers = io.group()) {
            List<BoundedQueue<Integer>> turns = List.of(io.queue(1), io.queue(1), io.queue(1));
            for (int i = 0; i < turns.size(); i++) {
                BoundedQueue<Integer> mine = turns.get(i);
                BoundedQueue<Integer> next = turns.get((i + 1) % turns.size());
                writers.concurrent(Placement.SPREAD, () -> {
                    for (int turn = mine.get(); turn < BURSTS; turn = mine.get()) {
                        writeBurst(pair.client(), turn);
                        next.put(turn + 1);
                    }
                    next.put(BURSTS);
                });
            }
            Timestamp begin = io.now(Clock.AWAKE);
            turns.getFirst().put(0);
            for (int i = 0; i < BURSTS; i++) {
                byte[] burst = new byte[BURST];
                Arrays.fill(burst, (byte) i);
                assertThat(readFully(pair.server(), BURST)).isEqualTo(burst);
            }
            assertThat(io.now(Clock.AWAKE).since(begin)).isLessThan(BURSTS_TIME_MAX);
            writers.await();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBurstArrivesThatAnEndFollows(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        Timestamp begin = io.now(Clock.AWAKE);
        for (int i = 0; i < BURSTS; i++) {
            boolean closes = i % 2 == 0;
            try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                Task<Object, Exception> writing = io.concurrent(() -> {
                    writeBurst(pair.client(), 0);
                    if (closes) {
                        pair.client().close();
                    } else {
                        pair.client().shutdown(Direction.WRITE);
                    }
                    assertThat(Sockets.drain(pair.server())).isEqualTo(BURST);
                    return null;
                });
                writing.await();
            }
        }
        assertThat(io.now(Clock.AWAKE).since(begin)).isLessThan(BURSTS_TIME_MAX);
    }

    private static byte[] readFully(Connection connection, int length) throws IoException {
        byte[] bytes = new byte[length];
        Sockets.readFully(connection, MemorySegment.ofArray(bytes));
        return bytes;
    }

    /** What is unread when a connection is closed makes that a reset, however much was just written. */
    @Test
    @Tag("T13")
    void aBurstDoesNotDelayTheCloseThatFollows(Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            Sockets.writeOne(pair.server(), 1);
            Task<Object, Exception> closing = io.concurrent(() -> {
                writeBurst(pair.client(), 0);
                pair.client().close();
                return null;
            });
            closing.await();
            assertThat(catchThrowableOfType(IoException.class, () -> Sockets.drain(pair.server())).reason())
                    .isEqualTo(Reason.CONNECTION_RESET);
        }
    }

    private static void writeBurst(Connection connection, int value) throws IoException {
        for (int i = 0; i < BURST; i++) {
            Sockets.writeOne(connection, value);
        }
    }

    @Test
    void bothDirectionsAreShutDownAtOnce(Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            pair.client().shutdown(Direction.BOTH);
            Sockets.assertEnds(pair.client());
            Sockets.assertEnds(pair.server());
            assertFails(Operation.WRITE, Reason.BROKEN_PIPE, () -> Sockets.writeOne(pair.client(), 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T13")
    void aPeerThatClosesIsTheEndOfTheStream(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        for (Caller caller : Caller.values()) {
            try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                Sockets.writeOne(pair.server(), 5);
                assertThat(caller.run(io, () -> Sockets.readOne(pair.client()))).isEqualTo(5);
                Caller.Call<Integer> reading = caller.start(io, () -> Sockets.readOne(pair.client())).blocked();
                pair.server().close();
                assertThat(reading.result()).isEqualTo(-1);
                assertThat(caller.run(io, () -> Sockets.readOne(pair.client()))).isEqualTo(-1);
            }
        }
    }

    /** A peer that closes with unread data resets the connection. */
    @ParameterizedTest
    @EnumSource
    @Tag("T13")
    void aPeerThatDidNotReadEverythingResets(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        for (Caller caller : Caller.values()) {
            try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                Caller.Call<Integer> reading = caller.start(io, () -> Sockets.readOne(pair.client())).blocked();
                Sockets.writeOne(pair.client(), 1);
                pair.server().close();
                assertFails(Operation.READ, Reason.CONNECTION_RESET, reading::result);
            }
        }
    }

    /** And no signal ends the process. */
    @ParameterizedTest
    @EnumSource
    @Tag("T13")
    @Tag("R7")
    void writingToAPeerThatIsGoneFails(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        for (Caller caller : Caller.values()) {
            caller.run(io, () -> {
                try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder); Arena arena = Arena.ofConfined()) {
                    pair.server().close();
                    MemorySegment chunk = arena.allocate(64 * 1024);
                    IoException failure = catchThrowableOfType(IoException.class, () -> {
                        while (true) {
                            pair.client().writeAll(chunk);
                        }
                    });
                    assertThat(failure.operation()).isEqualTo(Operation.WRITE);
                    assertThat(failure.reason()).isIn(Reason.BROKEN_PIPE, Reason.CONNECTION_RESET);
                    assertFails(Operation.WRITE, Reason.BROKEN_PIPE, () -> pair.client().write(chunk));
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T13")
    void aWriteThatWaitsForAPeerHearsThatItIsGone(Sockets.Family family, Io io, @TempDir Path folder)
            throws Exception {
        for (Caller caller : Caller.values()) {
            try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder); Arena arena = Arena.ofShared()) {
                MemorySegment tooMuch = arena.allocate(Sockets.TOO_MUCH);
                Caller.Call<Object> writing = caller.start(io, () -> {
                    pair.client().writeAll(tooMuch);
                    return null;
                }).blocked();
                pair.server().close();
                IoException failure = catchThrowableOfType(IoException.class, writing::result);
                assertThat(failure.reason()).isIn(Reason.BROKEN_PIPE, Reason.CONNECTION_RESET);
            }
        }
    }

    @Test
    void aConnectionSaysWhoseItIs(Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            assertThat(pair.client()).hasToString("connection " + pair.client().remoteAddress());
            pair.client().shutdown(Direction.WRITE);
            IoException failure = assertFails(Operation.WRITE, Reason.BROKEN_PIPE,
                    () -> Sockets.writeOne(pair.client(), 1));
            assertThat(failure).hasMessageContaining(pair.client().remoteAddress().toString())
                    .hasMessageContaining("EPIPE");
        }
    }

    @Test
    void theAddressesOfAVanishedPeer(Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            Sockets.writeOne(pair.client(), 1);
            pair.server().close();
            assertFails(Operation.READ, Reason.CONNECTION_RESET, () -> Sockets.readOne(pair.client()));
            assertThat(catchThrowableOfType(IoException.class, () -> pair.server().remoteAddress()).reason())
                    .isEqualTo(Reason.CLOSED);
        }
        Connection closed;
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            closed = pair.server();
            closed.remoteAddress();
        }
        assertThat(closed.remoteAddress()).as("what is known stays known").isNotNull();
    }
}
