package dev.gyre.io.conformance;

import dev.gyre.io.Action;

/** The end of the calling thread's stack. */
public final class StackEnd {
    private StackEnd() {}

    /**
     * Recurses until the stack ends, and does something on each of the last levels, from the deepest one upwards.
     * Answers on how many of them there was no stack for it.
     */
    public static int tryNear(int levels, Action<Exception> action) throws Exception {
        Descent descent = new Descent(action, levels);
        descent.descend(1, 2, 3, 4);
        return descent.refused;
    }

    private static final class Descent {
        private final Action<Exception> action;
        private int left;
        private int refused;

        Descent(Action<Exception> action, int levels) {
            this.action = action;
            this.left = levels;
        }

        /** The numbers make frames larger. */
        @SuppressWarnings("InfiniteRecursion") // until the stack ends
        private long descend(long a, long b, long c, long d) throws Exception {
            long sum = a + b;
            try {
                sum += descend(b, c, d, a + 1);
            } catch (StackOverflowError end) {
                sum += c + d;
            }
            if (left > 0) {
                left--;
                try {
                    action.run();
                } catch (StackOverflowError end) {
                    refused++;
                }
            }
            return sum + a + b + c + d;
        }
    }
}
