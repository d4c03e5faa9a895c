package dev.gyre.simulated;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a simulation went.
 *
 * @param <T> what the program returns
 * @param value what the program returned
 * @param elapsed how much virtual time passed
 * @param steps how often a task was given the turn
 * @param traceHash of everything that happened, in order: the same program with the same seed has the same
 */
public record SimulationResult<T extends @Nullable Object>(T value, Duration elapsed, long steps, long traceHash) {}
