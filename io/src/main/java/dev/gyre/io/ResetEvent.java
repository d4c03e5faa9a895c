package dev.gyre.io;

/**
 * A gate: closed, until somebody opens it for everybody.
 *
 * <pre>{@code
 * ResetEvent ready = io.resetEvent();
 * group.concurrent(() -> {
 *     ready.await();
 *     serve();
 * });
 * load();
 * ready.set();
 * }</pre>
 *
 * <p>Made by {@link Io#resetEvent()}. Any thread may call any method. What happened before {@link #set()} is visible
 * to those that it lets through. It needs no closing.
 */
public interface ResetEvent {
    /**
     * Waits until it is set. A cancellation point, also where it need not wait.
     *
     * @throws CanceledException if the calling task was canceled before it was set
     */
    void await();

    /** Waits until it is set, however often the calling task is asked to stop; the request waits. */
    void awaitUncancelable();

    /** Sets it, and wakes all that wait. Setting it again does nothing. Does not wait, and is no cancellation point. */
    void set();

    /** Makes those wait that come from now on. Whoever {@link #set()} has let go is not called back. */
    void reset();

    /**
     * Whether it is set.
     *
     * @return true if {@link #await()} would not wait
     */
    boolean isSet();
}
