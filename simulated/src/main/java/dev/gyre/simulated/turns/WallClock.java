package dev.gyre.simulated.turns;

/** The one place where a simulation looks at real time: while it waits for threads that are not simulated. */
final class WallClock {
    private WallClock() {}

    /** Nanoseconds from some moment on. */
    static long nanoseconds() {
        return System.nanoTime();
    }
}
