package dev.gyre.uring;

import org.jspecify.annotations.Nullable;

/** Does something, once, so many frames above the place where the stack ends. */
final class Depth {
    private final int above;
    private final Runnable action;
    private int ascended;
    private @Nullable StackOverflowError end;

    Depth(int above, Runnable action) {
        this.above = above;
        this.action = action;
    }

    @SuppressWarnings("InfiniteRecursion") // it ends with the stack
    void descend() {
        try {
            descend();
        } catch (StackOverflowError tooFar) {
            if (ascended++ < above) {
                throw tooFar;
            }
            try {
                action.run();
            } catch (StackOverflowError again) {
                end = again;
            }
        }
    }

    /** What the action threw for lack of stack; null if it had enough. */
    @Nullable StackOverflowError end() {
        return end;
    }
}
