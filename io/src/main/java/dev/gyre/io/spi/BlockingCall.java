package dev.gyre.io.spi;

import dev.gyre.io.Body;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs on a thread that may block, and the fiber that waits for it. If the fiber is to stop, that thread is
 * interrupted, and still waited for.
 *
 * @param <T> what it returns
 * @param <X> what it may throw
 */
final class BlockingCall<T extends @Nullable Object, X extends Exception> extends Waiter
        implements DeferredBlocker, Runnable {
    private final Executor threads;
    private final Body<T, X> body;

    /** Whether a thread has it. Only for the fiber. */
    private boolean begun;

    private @Nullable Outcome<T, X> outcome;

    /** Guarded by this object's lock: who runs the body, and whether to interrupt it. */
    private @Nullable Thread thread;

    private boolean canceled;

    BlockingCall(Fiber fiber, Executor threads, Body<T, X> body) {
        super(fiber, "blocking");
        this.threads = threads;
        this.body = body;
    }

    @Override
    public void begin() {
        threads.execute(this);
        begun = true;
    }

    @Override
    public boolean hasBegun() {
        return begun;
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

    /** The thread that runs it is nobody else's. */
    @Override
    public boolean needsOthers() {
        return false;
    }

    @Override
    public synchronized void cancel() {
        canceled = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @SuppressWarnings("NullAway") // set before the signal
    T outcome() throws X {
        return outcome.get();
    }
}
