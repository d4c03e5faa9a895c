package dev.gyre.io.spi;

import java.util.function.BooleanSupplier;

/** Waits by spinning, which keeps races narrow, and not for ever: what never comes is a failure and not a hang. */
public final class Patience {
    private static final int SPINS_PER_LOOK = 1000;
    private static final long LIMIT_NANOS = 10_000_000_000L;

    private Patience() {}

    /** Returns as soon as {@code event} is there. */
    public static void await(String event, BooleanSupplier there) {
        long start = System.nanoTime();
        for (int i = 1; !there.getAsBoolean(); i++) {
            Thread.onSpinWait();
            if (i % SPINS_PER_LOOK == 0) {
                Thread.yield();
                if (System.nanoTime() - start > LIMIT_NANOS) {
                    throw new AssertionError("never came: " + event);
                }
            }
        }
    }
}
