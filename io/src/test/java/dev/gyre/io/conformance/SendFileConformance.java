package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.Clock;
import dev.gyre.io.Direction;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sending files: every byte of the part that was asked for, and one answer for what cannot be sent. */
@Tag("T12")
abstract class SendFileConformance {
    private static final int LENGTH = 3 * 1024 * 1024 + 17;
    private static final byte[] CONTENT = new byte[LENGTH];

    static {
        new Random(3).nextBytes(CONTENT);
    }

    private static final OpenOptions UPDATE = new OpenOptions(OpenOptions.Access.READ_WRITE, Set.of(), 0);

    @ParameterizedTest
    @EnumSource
    void sendsTheWholeFile(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = makeFile(io, folder);
        for (Sockets.Family family : Sockets.Family.values()) {
            try (Sockets.Pair pair = Sockets.Pair.open(io, family, folder)) {
                assertSends(caller, io, pair, path, 0, LENGTH, LENGTH);
            }
        }
    }

    /** What is not in the page cache has to be brought there, while others go on. */
    @ParameterizedTest
    @EnumSource
    void sendsWhatIsOnlyOnTheDisk(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = makeFile(io, folder);
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            PageCache.dropIfReal(path);
            assertSends(caller, io, pair, path, 0, LENGTH, LENGTH);
        }
    }

    @Test
    void sendsTheRangeThatThereIs(Io io, @TempDir Path folder) throws Exception {
        Path path = makeFile(io, folder);
        long[][] ranges = {
            {0, 0}, {0, 1}, {1, 4095}, {4096, 4096}, {4097, 100_000}, {1024 * 1024 - 1, 2}, {LENGTH - 1, 1},
            {LENGTH - 1, 2}, {LENGTH - 5000, 1_000_000}, {LENGTH, 0}, {LENGTH, 1}, {LENGTH + 5000L, 10},
            {0, Long.MAX_VALUE}, {17, Long.MAX_VALUE - 17}, {Long.MAX_VALUE - 1, 1}, {Long.MAX_VALUE, Long.MAX_VALUE},
        };
        for (boolean cold : new boolean[] {false, true}) {
            for (long[] range : ranges) {
                if (cold) {
                    PageCache.dropIfReal(path);
                }
                long expected = Math.clamp(LENGTH - range[0], 0, range[1]);
                try (Sockets.Pair pair = Sockets.Pair.open(io)) {
                    assertSends(Caller.TASK, io, pair, path, range[0], range[1], expected);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    void negativeNumbersAreRefused(long negative, Io io, @TempDir Path folder) throws Exception {
        Path path = Folders.write(io, folder.resolve("file"), "content");
        try (Sockets.Pair pair = Sockets.Pair.open(io); File file = open(io, path)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.client().sendFile(file, negative, 1, Timeout.NONE));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.client().sendFile(file, 0, negative, Timeout.NONE));
        }
    }

    /** The file ends earlier than it did: so does the sending, and the peer has what was counted. */
    @ParameterizedTest
    @EnumSource
    void aFileThatIsCutOffMeanwhile(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Sockets.fileThatIsTooMuch(io, folder);
        try (Sockets.Pair pair = Sockets.Pair.open(io); File file = open(io, path)) {
            Caller.Call<Long> sending = caller.start(io, () -> {
                long sent = pair.client().sendFile(file, 0, Sockets.TOO_MUCH, Timeout.NONE);
                pair.client().shutdown(Direction.WRITE);
                return sent;
            }).blocked();
            try (File cut = io.currentDirectory().openFile(path.toString(), UPDATE)) {
                cut.truncate(1000);
            }
            long received = Sockets.drain(pair.server());
            assertThat(sending.result()).isEqualTo(received).isLessThan(Sockets.TOO_MUCH);
        }
    }

    @ParameterizedTest
    @EnumSource
    void severalConnectionsMaySendOneFile(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = makeFile(io, folder);
        List<Sockets.Pair> pairs = new ArrayList<>();
        try (File file = open(io, path); Arena arena = Arena.ofShared()) {
            List<Caller.Call<Long>> sending = new ArrayList<>();
            List<Task<Long, Exception>> reading = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Sockets.Pair pair = Sockets.Pair.open(io);
                pairs.add(pair);
                sending.add(caller.start(io, () -> {
                    long sent = pair.client().sendFile(file, 0, LENGTH, Timeout.NONE);
                    pair.client().shutdown(Direction.WRITE);
                    return sent;
                }));
                reading.add(io.concurrent(() -> content(arena).check(pair.server(), arena, 50_000)));
            }
            for (int i = 0; i < 4; i++) {
                assertThat(reading.get(i).await()).isEqualTo(LENGTH);
                assertThat(sending.get(i).result()).isEqualTo(LENGTH);
            }
        } finally {
            pairs.forEach(Sockets.Pair::close);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "write-only"})
    @Tag("T18")
    void whatCannotBeSent(String kind, Io io, @TempDir Path folder) throws Exception {
        for (Caller caller : Caller.values()) {
            caller.run(io, () -> {
                try (Sockets.Pair pair = Sockets.Pair.open(io); File file = unsendable(io, kind, folder)) {
                    IoException failure = assertFails(Operation.SEND_FILE, Reason.OPERATION_UNSUPPORTED,
                            () -> pair.client().sendFile(file, 0, 10, Timeout.NONE));
                    assertThat(failure).hasMessageContaining(pair.client().remoteAddress().toString());
                    assertThat(pair.client().sendFile(file, 0, 0, Timeout.NONE)).isZero();
                    Sockets.assertConnected(pair.client(), pair.server());
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T8")
    void aPeerThatTakesNothingStallsIt(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Duration stall = Duration.ofMillis(50);
        Path path = Sockets.fileThatIsTooMuch(io, folder);
        try (Sockets.Pair pair = Sockets.Pair.open(io); File file = open(io, path)) {
            Timestamp end = io.now(Clock.AWAKE).plus(stall);
            assertFails(Operation.SEND_FILE, Reason.TIMED_OUT, () -> caller.run(io,
                    () -> pair.client().sendFile(file, 0, Sockets.TOO_MUCH, Timeout.after(stall))));
            assertThat(io.now(Clock.AWAKE)).isGreaterThanOrEqualTo(end);
        }
    }

    /** None of them waits in a way that stops others. */
    @Test
    @Tag("T8")
    void severalSendersOnOneConnectionStall(Io io, @TempDir Path folder) throws Exception {
        Path path = Sockets.fileThatIsTooMuch(io, folder);
        try (Sockets.Pair pair = Sockets.Pair.open(io); File file = open(io, path)) {
            Timeout stall = Timeout.after(Duration.ofMillis(200));
            for (int round = 0; round < 5; round++) {
                List<Task<Long, IoException>> sending = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    sending.add(io.concurrent(() -> pair.client().sendFile(file, 0, Sockets.TOO_MUCH, stall)));
                }
                for (Task<Long, IoException> each : sending) {
                    assertFails(Operation.SEND_FILE, Reason.TIMED_OUT, each::await);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatIsGoneFailsIt(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Sockets.fileThatIsTooMuch(io, folder);
        for (boolean cold : new boolean[] {false, true}) {
            try (Sockets.Pair pair = Sockets.Pair.open(io); File file = open(io, path)) {
                if (cold) {
                    PageCache.dropIfReal(path);
                }
                Caller.Call<Long> sending = caller.start(io,
                        () -> pair.client().sendFile(file, 0, Sockets.TOO_MUCH, Timeout.NONE)).blocked();
                pair.server().close();
                IoException failure = catchThrowableOfType(IoException.class, sending::result);
                assertThat(failure.operation()).isEqualTo(Operation.SEND_FILE);
                assertThat(failure.reason()).isIn(Reason.BROKEN_PIPE, Reason.CONNECTION_RESET);
                failure = catchThrowableOfType(IoException.class,
                        () -> pair.client().sendFile(file, 0, 10, Timeout.NONE));
                assertThat(failure.operation()).isEqualTo(Operation.SEND_FILE);
                assertThat(failure.reason()).isEqualTo(Reason.BROKEN_PIPE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T3")
    void canBeCanceled(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Sockets.fileThatIsTooMuch(io, folder);
        try (Sockets.Pair pair = Sockets.Pair.open(io); File file = open(io, path)) {
            Stopping.assertStops(caller, io, () -> pair.client().sendFile(file, 0, Sockets.TOO_MUCH, Timeout.NONE));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("P9")
    void endsWhenItsConnectionIsClosed(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Sockets.fileThatIsTooMuch(io, folder);
        try (Sockets.Pair pair = Sockets.Pair.open(io); File file = open(io, path)) {
            Caller.Call<Long> sending = caller.start(io,
                    () -> pair.client().sendFile(file, 0, Sockets.TOO_MUCH, Timeout.NONE)).blocked();
            pair.client().close();
            assertFails(Operation.SEND_FILE, Reason.CLOSED, sending::result);
            assertFails(Operation.SEND_FILE, Reason.CLOSED,
                    () -> caller.run(io, () -> pair.client().sendFile(file, 0, 1, Timeout.NONE)));
        }
    }

    @Test
    @Tag("P9")
    void aClosedFileIsNotSent(Io io, @TempDir Path folder) throws Exception {
        Path path = makeFile(io, folder);
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            File file = open(io, path);
            file.close();
            assertFails(Operation.SEND_FILE, Reason.CLOSED, () -> pair.client().sendFile(file, 0, 1, Timeout.NONE));
        }
    }

    private static File unsendable(Io io, String kind, Path folder) throws Exception {
        Path path = folder.resolve(kind);
        return switch (kind) {
            case "directory" -> io.currentDirectory().openFile(folder.toString(), OpenOptions.READ);
            case "write-only" -> io.currentDirectory().openFile(path.toString(), OpenOptions.REPLACE);
            default -> throw new AssertionError(kind);
        };
    }

    private static void assertSends(Caller caller, Io io, Sockets.Pair pair, Path path, long offset, long length,
            long expected) throws Exception {
        try (Arena arena = Arena.ofShared(); File file = open(io, path)) {
            Caller.Call<Long> sending = caller.start(io, () -> {
                long sent = pair.client().sendFile(file, offset, length, Timeout.NONE);
                pair.client().shutdown(Direction.WRITE);
                return sent;
            });
            Pattern whole = content(arena);
            Pattern part = new Pattern(whole.bytes().asSlice(Math.min(offset, LENGTH)));
            assertThat(part.check(pair.server(), arena, 64 * 1024)).as("received of %d+%d", offset, length)
                    .isEqualTo(expected);
            assertThat(sending.result()).as("sent of %d+%d", offset, length).isEqualTo(expected);
        }
    }

    private static File open(Io io, Path path) throws IoException {
        return io.currentDirectory().openFile(path.toString(), OpenOptions.READ);
    }

    private static Path makeFile(Io io, Path folder) throws IOException {
        return Folders.write(io, folder.resolve("file"), CONTENT);
    }

    private static Pattern content(Arena arena) {
        return new Pattern(arena.allocateFrom(ValueLayout.JAVA_BYTE, CONTENT));
    }
}
