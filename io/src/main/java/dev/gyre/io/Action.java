package dev.gyre.io;

/**
 * What a member of a group runs.
 *
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface Action<X extends Exception> {
    /**
     * Runs.
     *
     * @throws X as the action sees fit; {@link Group#await()} reports it
     */
    void run() throws X;
}
