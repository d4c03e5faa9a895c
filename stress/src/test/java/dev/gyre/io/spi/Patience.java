package dev.gyre.io.spi;

import java.util.function.BooleanSupplier;

/**
 * Waits by spinning, which keeps races narrow, and not for ever: what never comes is a failure and not a hang. What is
 * limited is how often it looks, and not the time: a machine that stands still for a while loses nothing.
 */
public final class Patience {
    private static final int SPINS_PER_LOOK = 1000;

    /** Some ten seconds of a processor's. */
    private static final int LOOKS_MAX = 500_000;

    private Patience() {}

    /** Returns as soon as {@code event} is there. */
    public static void await(String event, BooleanSupplier there) {
        for (int looks = 0; looks < LOOKS_MAX; looks++) {
            for (int spins = 0; spins < SPINS_PER_LOOK; spins++) {
                if (there.getAsBoolean()) {
                    return;
                }
                Thread.onSpinWait();
            }
            Thread.yield();
        }
        throw new AssertionError("never came: " + event);
    }
}
