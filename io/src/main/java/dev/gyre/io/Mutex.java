package dev.gyre.io;

/**
 * A lock that one task holds at a time.
 *
 * <pre>{@code
 * mutex.lock();
 * try {
 *     balance += amount;
 * } finally {
 *     mutex.unlock();
 * }
 * }</pre>
 *
 * <p>Made by {@link Io#mutex()}, and used by tasks of that {@code Io} and by any other thread. A task that waits for
 * it occupies no thread of the backend's, and can be told to stop, which one that waits for a monitor or a
 * {@link java.util.concurrent.locks.ReentrantLock} cannot. It is not reentrant. Who waits is served in no promised
 * order. What a holder wrote is visible to the next one. It needs no closing.
 */
public interface Mutex {
    /**
     * Locks it, waiting as long as somebody else holds it. A cancellation point, also where it need not wait.
     *
     * @throws CanceledException if the calling task was canceled; the mutex is not locked by it then
     * @throws IllegalMonitorStateException if the calling task holds it already
     */
    void lock();

    /**
     * Locks it, waiting as long as somebody else holds it, however often the calling task is asked to stop. The request
     * waits for the next cancellation point.
     *
     * @throws IllegalMonitorStateException if the calling task holds it already
     */
    void lockUncancelable();

    /**
     * Locks it if nobody holds it. Does not wait, and is no cancellation point.
     *
     * @return whether the calling task holds it now; false also if it held it before
     */
    boolean tryLock();

    /**
     * Unlocks it, and lets one of those that wait have it. Does not wait, and is no cancellation point.
     *
     * @throws IllegalMonitorStateException if the calling task does not hold it
     */
    void unlock();

    /**
     * Whether the calling task holds it.
     *
     * @return true between its {@link #lock()} and its {@link #unlock()}
     */
    boolean isHeld();

    /**
     * Something that holders of this mutex can wait for and announce to each other.
     *
     * @return a new one
     */
    Condition condition();
}
