package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Clock;
import dev.gyre.io.Direction;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A peer that sends no more, and takes nothing either. A poll for room in the socket reports the former at once, again
 * and again; that must neither keep anybody busy nor count as progress.
 */
@Tag("T8")
abstract class StallConformance {
    private static final Duration STALL = Duration.ofMillis(500);
    private static final int ATTEMPTS_MAX = 5;

    @ParameterizedTest
    @EnumSource
    void aHalfClosedPeerStallsAWrite(Caller caller, Io io) throws Throwable {
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) Sockets.TOO_MUCH]);
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            pair.server().shutdown(Direction.WRITE);
            assertIsIdle(io, () -> assertFails(Operation.WRITE, Reason.TIMED_OUT,
                    () -> caller.run(io, () -> pair.client().writeAll(bytes, Timeout.after(STALL)))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHalfClosedPeerStallsAFile(Caller caller, Io io, @TempDir Path folder) throws Throwable {
        Path path = Sockets.fileThatIsTooMuch(io, folder);
        try (Sockets.Pair pair = Sockets.Pair.open(io);
                File file = io.currentDirectory().openFile(path.toString(), OpenOptions.READ)) {
            pair.server().shutdown(Direction.WRITE);
            assertIsIdle(io, () -> assertFails(Operation.SEND_FILE, Reason.TIMED_OUT, () -> caller.run(io,
                    () -> pair.client().sendFile(file, 0, Sockets.TOO_MUCH, Timeout.after(STALL)))));
        }
    }

    /**
     * It lasts as long as one stall, and takes less than half of that in processor time; at least once, since the
     * virtual machine may have something to compile at the same time.
     */
    private static void assertIsIdle(Io io, ThrowingCallable call) throws Throwable {
        Duration least = STALL;
        for (int i = 0; i < ATTEMPTS_MAX && least.compareTo(STALL.dividedBy(2)) >= 0; i++) {
            Timestamp before = io.now(Clock.PROCESS_CPU);
            Timestamp start = io.now(Clock.AWAKE);
            call.call();
            assertThat(io.now(Clock.AWAKE)).isGreaterThanOrEqualTo(start.plus(STALL));
            least = io.now(Clock.PROCESS_CPU).since(before);
        }
        assertThat(least).as("processor time").isLessThan(STALL.dividedBy(2));
    }
}
