package dev.gyre.io.spi;

/**
 * Room on the stack.
 *
 * <p>A fiber that has handed its memory to another thread has to wait, and so has one that others will hand something
 * to; and to wait takes a dozen calls. A task that recurses without end could run out of stack in the midst of these,
 * and leave all the same. So as much stack as that could take is used before, for nothing: if it ends then, nothing has
 * happened yet.
 */
final class Headroom {
    /** Each takes 25 bytes or more, compiled; a wait takes 1 KiB, and 4 where nothing is compiled. */
    private static final int CALLS_TO_WAIT = 48;

    private static final int CALLS_TO_HAND_OVER = 128;

    private Headroom() {}

    /**
     * Looks for enough to wait, or to wake another fiber.
     *
     * @throws StackOverflowError if there is not
     */
    static void requireToWaitOrWake() {
        require(CALLS_TO_WAIT);
    }

    /**
     * Looks for enough to hand something to another thread and to wait for it, be nothing of that compiled.
     *
     * @throws StackOverflowError if there is not
     */
    static void requireToHandOver() {
        require(CALLS_TO_HAND_OVER);
    }

    private static void require(int calls) {
        if (descend(calls) != calls) {
            throw new AssertionError("each call counts");
        }
    }

    /** Does something after the call it makes, so that no compiler makes a loop of it. */
    private static int descend(int left) {
        return left == 0 ? 0 : 1 + descend(left - 1);
    }
}
