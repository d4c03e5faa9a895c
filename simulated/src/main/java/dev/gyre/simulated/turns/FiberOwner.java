package dev.gyre.simulated.turns;

import dev.gyre.io.spi.Blocker;

/** The {@code Io} that a fiber belongs to. */
public interface FiberOwner {
    Scheduler scheduler();

    /** Counts a foreign thread among those that wait. */
    void whileWaiting(SimulatedFiber fiber, Blocker blocker, Runnable wait);

    /** Runs something on a foreign thread that is known already, and is not heard of afterwards. */
    void runAs(SimulatedFiber stranger, Runnable call);
}
