package dev.gyre.io;

import java.time.Duration;

/**
 * How long something may take: all that {@link Tasks#within} encloses, or one stall of a transfer.
 *
 * <p>Immutable, and best made once. By itself it does nothing; the time of one {@link #after} a duration counts from
 * each use on.
 */
public sealed interface Timeout {
    /** As long as it takes. */
    Timeout NONE = new None();

    /**
     * A time from now on, whenever it is used.
     *
     * @param duration positive or zero; zero is over before anything has begun
     * @return a timeout by {@link Clock#AWAKE}
     */
    static Timeout after(Duration duration) {
        return new After(duration);
    }

    /**
     * A fixed moment.
     *
     * @param deadline on {@link Clock#REAL}, {@link Clock#AWAKE} or {@link Clock#BOOT}
     * @return a timeout that is over when the clock shows it
     */
    static Timeout at(Timestamp deadline) {
        return new At(deadline);
    }

    /** As long as it takes. */
    record None() implements Timeout {}

    /**
     * A time from its use on.
     *
     * @param duration positive or zero
     * @param nanoseconds the same, saturated
     */
    record After(Duration duration, long nanoseconds) implements Timeout {
        /** Refuses a negative duration. */
        public After {
            if (duration.isNegative() || nanoseconds < 0) {
                throw new IllegalArgumentException("timeout " + duration + " is negative");
            }
        }

        /**
         * A time from its use on.
         *
         * @param duration positive or zero
         */
        public After(Duration duration) {
            this(duration, Nanoseconds.of(duration));
        }

        @Override
        public String toString() {
            return Nanoseconds.describe(nanoseconds);
        }
    }

    /**
     * A fixed moment.
     *
     * @param deadline on a clock that can be slept by
     */
    record At(Timestamp deadline) implements Timeout {
        /** Refuses a clock that counts processor time. */
        public At {
            switch (deadline.clock()) {
                case REAL, AWAKE, BOOT -> {}
                case PROCESS_CPU, THREAD_CPU -> throw new IllegalArgumentException(
                        "nothing can wait for clock " + deadline.clock() + "; use REAL, AWAKE or BOOT");
            }
        }

        @Override
        public String toString() {
            return "until " + deadline;
        }
    }
}
