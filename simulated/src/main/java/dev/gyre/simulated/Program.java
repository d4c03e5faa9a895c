package dev.gyre.simulated;

import dev.gyre.io.Io;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Simulation} runs.
 *
 * <p>To be replayed it must ask nobody but its {@code Io} for the time, for chance, and for other threads.
 *
 * @param <T> what it returns
 */
@FunctionalInterface
public interface Program<T extends @Nullable Object> {
    /**
     * Runs, as the first task of the simulation. When it returns, tasks that still run are canceled and awaited. Then
     * no socket may be open.
     *
     * @param io the simulation's; it is closed afterwards, not by the program
     * @return the simulation's result
     * @throws Exception as the program sees fit: the simulation has failed then
     */
    T run(Io io) throws Exception;
}
