package dev.gyre.host;

import dev.gyre.io.Clock;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.linux.Clocks;
import java.time.Duration;

/** {@link Clock} by clock_gettime(2). */
public final class HostClock {
    private HostClock() {}

    /**
     * The time.
     *
     * @param clock to ask
     * @return its present moment
     */
    public static Timestamp now(Clock clock) {
        return new Timestamp(clock, nanoseconds(clock));
    }

    /**
     * When a moment on some clock will be, by {@code System.nanoTime}, as far as can be foreseen.
     *
     * @param deadline on a clock that can be waited for
     * @return saturated; 0, when the machine started, for whatever lies before
     */
    public static long nanoTime(Timestamp deadline) {
        return switch (deadline.clock()) {
            // System.nanoTime is CLOCK_MONOTONIC on Linux.
            case AWAKE -> Math.max(0, deadline.nanoseconds());
            case REAL, BOOT -> {
                // In this order: a thread that is held up in between wakes too late, and not too early.
                Duration left = deadline.since(now(deadline.clock()));
                yield Math.max(0, new Timestamp(Clock.AWAKE, System.nanoTime()).plus(left).nanoseconds());
            }
            case PROCESS_CPU, THREAD_CPU -> throw new IllegalArgumentException(
                    "nothing can wait for clock " + deadline.clock() + "; use REAL, AWAKE or BOOT");
        };
    }

    /**
     * When a timeout that starts now will be over, by {@code System.nanoTime}.
     *
     * @param timeout any
     * @return saturated; {@code Long.MAX_VALUE} for never
     */
    public static long deadline(Timeout timeout) {
        return switch (timeout) {
            case Timeout.None _ -> Long.MAX_VALUE;
            case Timeout.After after -> {
                long now = System.nanoTime();
                long sum = now + after.nanoseconds();
                yield sum < now ? Long.MAX_VALUE : sum;
            }
            case Timeout.At at -> nanoTime(at.deadline());
        };
    }

    private static long nanoseconds(Clock clock) {
        return switch (clock) {
            case REAL -> Clocks.gettime(Clocks.CLOCK_REALTIME);
            case AWAKE -> System.nanoTime();
            case BOOT -> Clocks.gettime(Clocks.CLOCK_BOOTTIME);
            case PROCESS_CPU -> Clocks.gettime(Clocks.CLOCK_PROCESS_CPUTIME_ID);
            case THREAD_CPU -> Clocks.gettime(Clocks.CLOCK_THREAD_CPUTIME_ID);
        };
    }
}
