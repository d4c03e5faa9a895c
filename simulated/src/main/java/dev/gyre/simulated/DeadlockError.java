package dev.gyre.simulated;

import java.io.Serial;

/**
 * A simulated program cannot go on: everybody waits and nothing will happen, the task that has the turn waits for
 * something that is not the simulation's, or it goes round in circles. The message says who waits for what, and where.
 * Each task gets one at the place where it waits in the simulation, so that it unwinds.
 */
public final class DeadlockError extends Error {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Made by a simulation.
     *
     * @param report why the program cannot go on
     */
    public DeadlockError(String report) {
        super(report);
    }
}
