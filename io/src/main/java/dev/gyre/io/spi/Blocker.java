package dev.gyre.io.spi;

/**
 * What a fiber is blocked on: an operation in the kernel, a timer, the end of a task.
 *
 * <p>Whoever makes it done also unparks the fiber.
 */
public interface Blocker {
    /**
     * Whether the fiber may go on.
     *
     * @return true for good, once it is; read by the blocked fiber's thread
     */
    boolean isDone();

    /**
     * What is waited for, in a word: the name of the operation, such as {@code read} or {@code sleep}.
     *
     * @return for flight recordings and reports
     */
    String operation();

    /**
     * Whether another task has to do something before it is done.
     *
     * @return false if it comes to its end by itself
     */
    default boolean needsOthers() {
        return false;
    }

    /**
     * The fiber is to stop: see to it that this becomes done soon. The fiber stays blocked until then.
     *
     * <p>Called by the fiber itself, on its own thread, at most once for each time it blocks. Does not throw.
     */
    void cancel();
}
