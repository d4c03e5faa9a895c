package dev.gyre.io;

import java.time.Duration;
import java.util.List;

/** Durations as nanoseconds that saturate instead of overflowing: 292 years are as good as for ever. */
final class Nanoseconds {
    private record Unit(String name, long nanoseconds) {}

    private static final List<Unit> UNITS = List.of(
            new Unit("h", 3_600_000_000_000L),
            new Unit("min", 60_000_000_000L),
            new Unit("s", 1_000_000_000L),
            new Unit("ms", 1_000_000L),
            new Unit("µs", 1_000L));

    private Nanoseconds() {}

    static long of(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** For people: the largest unit that gives a whole number. */
    static String describe(long nanoseconds) {
        for (Unit unit : UNITS) {
            if (nanoseconds != 0 && nanoseconds % unit.nanoseconds == 0) {
                return nanoseconds / unit.nanoseconds + " " + unit.name;
            }
        }
        return nanoseconds + " ns";
    }
}
