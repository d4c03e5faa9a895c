package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Io;
import dev.gyre.io.Task;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Tells tasks to stop at about the time at which they end. After one that ended the next is told earlier, after one
 * that was stopped later: so each is as likely as the other, on any machine.
 */
final class Race {
    private static final long STEP_NANOS = 2_000;

    private final Random random = new Random(1);
    private final Io io;
    private final String name;
    private final int rounds = Rounds.of(300);
    private long delayNanos;
    private int completed;
    private int canceled;

    Race(Io io, String name) {
        this.io = io;
        this.name = name;
    }

    /** How often to run it. */
    int rounds() {
        return rounds;
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

    /** In a long run both must have happened; a short one may be over before it has found the moment. */
    void assertBothWays() {
        if (rounds > 10_000) {
            System.out.println(name + " on " + io.backend() + ": " + completed + " completed, " + canceled
                    + " canceled");
            assertThat(completed).isPositive();
            assertThat(canceled).isPositive();
        }
        assertThat(completed + canceled).isEqualTo(rounds);
    }
}
