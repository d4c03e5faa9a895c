package dev.gyre.io;

import java.time.Duration;

/**
 * A moment on a clock.
 *
 * @param clock the clock it was read from; moments of different clocks cannot be compared
 * @param nanoseconds since the clock's beginning: 1970 for {@link Clock#REAL}, otherwise only differences mean
 *     something
 */
public record Timestamp(Clock clock, long nanoseconds) implements Comparable<Timestamp> {

    /**
     * The moment that lies {@code duration} after this one.
     *
     * @param duration may be negative
     * @return the moment, at most {@code Long.MAX_VALUE} nanoseconds
     */
    public Timestamp plus(Duration duration) {
        long step = Nanoseconds.of(duration);
        long sum = nanoseconds + step;
        boolean overflow = ((nanoseconds ^ sum) & (step ^ sum)) < 0;
        return new Timestamp(clock, overflow ? (step > 0 ? Long.MAX_VALUE : Long.MIN_VALUE) : sum);
    }

    /**
     * How long after {@code earlier} this moment lies.
     *
     * @param earlier a moment of the same clock
     * @return negative if it lies before
     */
    public Duration since(Timestamp earlier) {
        requireSameClock(earlier);
        return Duration.ofNanos(nanoseconds).minusNanos(earlier.nanoseconds);
    }

    @Override
    public int compareTo(Timestamp other) {
        requireSameClock(other);
        return Long.compare(nanoseconds, other.nanoseconds);
    }

    private void requireSameClock(Timestamp other) {
        if (other.clock != clock) {
            throw new IllegalArgumentException("cannot compare a moment of clock " + clock + " with one of "
                    + other.clock);
        }
    }
}
