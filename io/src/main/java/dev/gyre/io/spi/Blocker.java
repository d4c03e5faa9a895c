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
     * The fiber was asked to stop: see to it that this becomes done soon. The fiber stays blocked until then.
     *
     * <p>Called at most twice for each time a fiber blocks, never after the fiber went on; by the fiber itself where a
     * loop carries it, otherwise on any thread. Takes locks at most for a moment, and does not throw.
     */
    void cancel();
}
