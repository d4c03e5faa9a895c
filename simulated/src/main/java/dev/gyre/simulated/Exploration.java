package dev.gyre.simulated;

/**
 * What {@link Simulation#explore} has done.
 *
 * @param runs how many ways the program was run
 * @param complete whether these were all that there are
 */
public record Exploration(long runs, boolean complete) {}
