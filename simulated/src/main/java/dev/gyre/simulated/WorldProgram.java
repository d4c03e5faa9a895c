package dev.gyre.simulated;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link Simulation} runs that is about several hosts.
 *
 * <p>To be replayed it must ask nobody but the {@code Io}s of its {@link World} for the time, for chance, and for other
 * threads.
 *
 * @param <T> what it returns
 */
@FunctionalInterface
public interface WorldProgram<T extends @Nullable Object> {
    /**
     * Runs, as the first task of the simulation. When it returns, programs of hosts and tasks that still run are
     * canceled and awaited. Then no socket may be open.
     *
     * @param world empty
     * @return the simulation's result
     * @throws Exception as the program sees fit: the simulation has failed then
     */
    T run(World world) throws Exception;
}
