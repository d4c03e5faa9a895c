package dev.gyre.io;

import org.jspecify.annotations.Nullable;

/**
 * What a task runs.
 *
 * @param <T> what it returns
 * @param <X> what it may throw; {@link RuntimeException} where the lambda throws nothing checked
 */
@FunctionalInterface
public interface Body<T extends @Nullable Object, X extends Exception> {
    /**
     * Runs.
     *
     * @return the task's result
     * @throws X as the body sees fit; whoever awaits the task receives it
     */
    T run() throws X;
}
