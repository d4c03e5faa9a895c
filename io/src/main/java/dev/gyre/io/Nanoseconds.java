package dev.gyre.io;

import java.time.Duration;

/** Durations as nanoseconds that saturate instead of overflowing: 292 years are as good as for ever. */
final class Nanoseconds {
    private Nanoseconds() {}

    static long of(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
