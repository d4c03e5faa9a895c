package dev.gyre.io;

/**
 * What a task that holds a {@link Mutex} waits for, until another one announces it.
 *
 * <pre>{@code
 * mutex.lock();
 * try {
 *     while (jobs.isEmpty()) {
 *         notEmpty.await();
 *     }
 *     return jobs.removeFirst();
 * } finally {
 *     mutex.unlock();
 * }
 * }</pre>
 *
 * <p>Made by {@link Mutex#condition()}; only the holder of that mutex may call the methods. A signal wakes a task that
 * waits at that moment, or is lost; so what is waited for belongs into a variable that is looked at in a loop. Nobody
 * wakes without a reason, but between the signal and the return of {@code await} others may hold the mutex.
 */
public interface Condition {
    /**
     * Unlocks the mutex, waits for a signal, and locks the mutex again. A cancellation point.
     *
     * @throws CanceledException if the calling task was canceled before a signal reached it; it holds the mutex again,
     *     and has taken no signal away from others
     * @throws IllegalMonitorStateException if the calling task does not hold the mutex
     */
    void await();

    /**
     * The same, however often the calling task is asked to stop. The request waits for the next cancellation point.
     *
     * @throws IllegalMonitorStateException if the calling task does not hold the mutex
     */
    void awaitUncancelable();

    /**
     * Wakes one of those that wait, if any does. Does not wait, and is no cancellation point.
     *
     * @throws IllegalMonitorStateException if the calling task does not hold the mutex
     */
    void signal();

    /**
     * Wakes all that wait. Does not wait, and is no cancellation point.
     *
     * @throws IllegalMonitorStateException if the calling task does not hold the mutex
     */
    void signalAll();
}
