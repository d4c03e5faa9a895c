package dev.gyre.io.spi;

import dev.gyre.io.Body;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs on a thread that may block, and the fiber that waits for it.
 *
 * @param <T> what it returns
 * @param <X> what it may throw
 */
final class BlockingCall<T extends @Nullable Object, X extends Exception> extends Waiter implements Runnable {
    private final Body<T, X> body;
    private @Nullable Outcome<T, X> outcome;

    BlockingCall(Fiber fiber, Body<T, X> body) {
        super(fiber, "blocking");
        this.body = body;
    }

    @Override
    public void run() {
        outcome = Outcome.of(body);
        signal();
    }

    @SuppressWarnings("NullAway") // set before the signal
    T outcome() throws X {
        return outcome.get();
    }
}
