package dev.gyre.io;

/**
 * A number of permits that tasks take and give back.
 *
 * <pre>{@code
 * Semaphore places = io.semaphore(100);
 * while (true) {
 *     places.acquire();
 *     Connection connection = listener.accept();
 *     group.concurrent(() -> {
 *         try (connection) {
 *             serve(connection);
 *         } finally {
 *             places.release();
 *         }
 *     });
 * }
 * }</pre>
 *
 * <p>Made by {@link Io#semaphore(int)}. Any thread may call any method, and may release what another one acquired. Who
 * waits is served in no promised order. It needs no closing.
 */
public interface Semaphore {
    /**
     * Takes a permit, waiting until there is one. A cancellation point, also where it need not wait.
     *
     * @throws CanceledException if the calling task was canceled; it has no permit then
     */
    void acquire();

    /** Takes a permit, however often the calling task is asked to stop; the request waits. */
    void acquireUncancelable();

    /**
     * Takes a permit if there is one. Does not wait, and is no cancellation point.
     *
     * @return whether the caller has a permit now
     */
    boolean tryAcquire();

    /**
     * Gives a permit, to one of those that wait if any does. Does not wait, and is no cancellation point.
     *
     * @throws IllegalStateException if there would be more than {@link Integer#MAX_VALUE}
     */
    void release();

    /**
     * How many permits can be taken without waiting.
     *
     * @return 0 or more; old news if others use it at the same time
     */
    int available();
}
