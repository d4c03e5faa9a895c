package dev.gyre.io.conformance;

import java.time.Duration;

/** A task that keeps its thread. */
final class Busy {
    private Busy() {}

    /** Computes, without a cancellation point and without letting others run. */
    static void computeFor(Duration duration) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < duration.toNanos()) {
            Thread.onSpinWait();
        }
    }
}
