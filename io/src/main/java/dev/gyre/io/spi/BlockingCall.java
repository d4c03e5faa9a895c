package dev.gyre.io.spi;

import dev.gyre.io.Body;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs on a thread that may block, and the fiber that waits for it. If the fiber is to stop, that thread is
 * interrupted, and still waited for.
 *
 * @param <T> what it returns
 * @param <X> what it may throw
 */
final class BlockingCall<T extends @Nullable Object, X extends Exception> extends Waiter implements Runnable {
    private final Body<T, X> body;
    private @Nullable Outcome<T, X> outcome;

    /** Guarded by this object's lock: who runs the body, and whether to interrupt it. */
    private @Nullable Thread thread;

    private boolean canceled;

    BlockingCall(Fiber fiber, Body<T, X> body) {
        super(fiber, "blocking");
        this.body = body;
    }

    @Override
    public void run() {
        synchronized (this) {
            thread = Thread.currentThread();
            if (canceled) {
                thread.interrupt();
            }
        }
        outcome = Outcome.of(body);
        synchronized (this) {
            thread = null;
        }
        // The thread is a pool's, and runs something else next.
        Thread.interrupted();
        signal();
    }

    @Override
    public synchronized void cancel() {
        canceled = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public String toString() {
        return operation();
    }

    @SuppressWarnings("NullAway") // set before the signal
    T outcome() throws X {
        return outcome.get();
    }
}
