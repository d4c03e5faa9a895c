package dev.gyre.simulated.turns;

import dev.gyre.io.Clock;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.time.Instant;

/** {@link Clock} by virtual time. */
public final class VirtualClock {
    /** What {@link Clock#REAL} shows at the beginning. */
    private static final long BEGINNING =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond() * 1_000_000_000;

    /** The processor time that each turn of a task counts as. */
    private static final long STEP_NANOS = 1000;

    private final Scheduler scheduler;

    public VirtualClock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    public Timestamp now(Clock clock) {
        long time = switch (clock) {
            case REAL -> BEGINNING + scheduler.now();
            case AWAKE, BOOT -> scheduler.now();
            case PROCESS_CPU, THREAD_CPU -> scheduler.steps() * STEP_NANOS;
        };
        return new Timestamp(clock, time);
    }

    /** When a moment on some clock is, by virtual time; the beginning for whatever lies before. */
    public long due(Timestamp deadline) {
        return switch (deadline.clock()) {
            case REAL -> Math.max(BEGINNING, deadline.nanoseconds()) - BEGINNING;
            case AWAKE, BOOT -> Math.max(0, deadline.nanoseconds());
            case PROCESS_CPU, THREAD_CPU -> throw new IllegalArgumentException(
                    "nothing can wait for clock " + deadline.clock() + "; use REAL, AWAKE or BOOT");
        };
    }

    /** When a timeout that starts now will be over, by virtual time; {@code Long.MAX_VALUE} for never. */
    public long deadline(Timeout timeout) {
        return switch (timeout) {
            case Timeout.None _ -> Long.MAX_VALUE;
            case Timeout.After after -> {
                long sum = scheduler.now() + after.nanoseconds();
                yield sum < 0 ? Long.MAX_VALUE : sum;
            }
            case Timeout.At at -> due(at.deadline());
        };
    }
}
