package dev.gyre.uring;

import dev.gyre.io.Timeout;
import dev.gyre.posix.PosixClock;

/** Timeouts as moments of {@code System.nanoTime}. */
final class Deadlines {
    private Deadlines() {}

    /** When {@code timeout} is over for an operation that starts at {@code now}; {@link Timer#NEVER} if never. */
    static long of(Timeout timeout, long now) {
        return switch (timeout) {
            case Timeout.None _ -> Timer.NEVER;
            case Timeout.After after -> {
                long sum = now + after.nanoseconds();
                yield sum < now ? Timer.NEVER : sum;
            }
            case Timeout.At at -> PosixClock.nanoTime(at.deadline());
        };
    }
}
