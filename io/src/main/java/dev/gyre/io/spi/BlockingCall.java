package dev.gyre.io.spi;

import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
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
    private final BaseIo io;
    private final Body<T, X> body;
    private final Thread caller = Thread.currentThread();

    /** On whose behalf the caller runs, if it does so in such a call itself. */
    private final @Nullable BlockingCall<?, ?> outer = BlockingThread.currentCall();

    /** Whether a thread has it. Only for the fiber. */
    private boolean begun;

    private @Nullable Outcome<T, X> outcome;

    /** Who runs the body. Written with this object's lock. */
    private volatile @Nullable Thread thread;

    /** Whether to interrupt it. Guarded by this object's lock. */
    private boolean canceled;

    BlockingCall(BaseIo io, Fiber fiber, Body<T, X> body) {
        super(fiber, "blocking");
        this.io = io;
        this.body = body;
    }

    /** Whose threads run the body. */
    BaseIo io() {
        return io;
    }

    /** The thread that waits for the end. */
    Thread caller() {
        return caller;
    }

    /** The thread that runs the body now; null before and after. From any thread. */
    @Nullable Thread runner() {
        return thread;
    }

    @Nullable BlockingCall<?, ?> outer() {
        return outer;
    }

    @Override
    public void begin() {
        io.executeBlocking(fiber(), this);
        begun = true;
    }

    @Override
    public boolean hasBegun() {
        return begun;
    }

    @Override
    public void run() {
        synchronized (this) {
            Thread current = Thread.currentThread();
            thread = current;
            if (canceled) {
                current.interrupt();
            }
        }
        BlockingThread.setCurrentCall(this);
        outcome = Outcome.of(body);
        BlockingThread.setCurrentCall(null);
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
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public String toString() {
        return operation();
    }

    /**
     * What came of the body. Where it was interrupted because the fiber is to stop, and says no more than that, it is
     * the fiber's own reason that counts: a request, or the end of a limit of time.
     */
    @SuppressWarnings("NullAway") // set before the signal
    T outcome() throws X {
        if (canceled && outcome.failure() instanceof InterruptedException interrupted) {
            fiber().throwShortage();
            CanceledException told = fiber().canceled();
            told.initCause(interrupted);
            throw told;
        }
        return outcome.get();
    }
}
