package dev.gyre.uring;

import dev.gyre.io.spi.DeferredBlocker;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A fiber's wait for something that a loop does for it. It can be used again, by one fiber after the other.
 *
 * <p>A fiber that the loop carries says that it leaves for this, and leaves its thread; then the loop starts it. So
 * nothing has begun as long as the fiber could still fail. Any other fiber sends it to the loop, and then waits.
 */
abstract class LoopWait implements DeferredBlocker, LoopThread.Message {
    private static final VarHandle DONE;

    static {
        try {
            DONE = MethodHandles.lookup()
                    .findVarHandle(LoopWait.class, "done", boolean.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private @Nullable Fiber fiber;

    /** Whether the loop knows of it. The fiber's thread writes it, or the one that carries the fiber. */
    private boolean begun;

    /** Why the loop did not start it. */
    private @Nullable Throwable refusal;

    @SuppressWarnings("UnusedVariable") // by way of DONE
    private boolean done = true;

    private int result;

    /** Which loop does it. */
    abstract LoopThread loop();

    /** Starts what is waited for, unless it is done already. On the loop. */
    abstract void start();

    /** Whose wait it is from now on. */
    final void prepare(Fiber newFiber) {
        fiber = newFiber;
        begun = false;
        refusal = null;
        DONE.set(this, false);
    }

    @Override
    public final boolean hasBegun() {
        return begun;
    }

    @Override
    public final void begin() {
        begun = true;
        if (loop().isCurrent()) {
            run();
            return;
        }
        boolean sent = false;
        try {
            // An end of the loop may have come after it has done this.
            if (!loop().post(this) && !isDone()) {
                refuse(new IllegalStateException("the Io is closed"));
            }
            sent = true;
        } finally {
            begun = sent;
        }
    }

    /** On the loop. */
    @Override
    public final void run() {
        try {
            start();
        } catch (Throwable thrown) {
            refuse(thrown);
        }
    }

    /** Lets the fiber go on, and fail, with nothing under way. */
    final void refuse(Throwable reason) {
        refusal = reason;
        finish(-Errno.ECANCELED.code());
    }

    /** Lets the fiber go on. */
    final void finish(int newResult) {
        result = newResult;
        finish();
    }

    /**
     * Lets the fiber go on; it sees what was written before.
     *
     * <p>A fiber that this thread carries looks again later. Any other one may be about to look right now, and may have
     * a permit from before, with which the unpark does nothing: so this has to be done before that permit is looked at,
     * and a mere release does not keep a write and a later read in order.
     */
    private void finish() {
        Fiber waiting = fiber;
        fiber = null;
        if (waiting instanceof LoopFiber own && own.home().isCurrent()) {
            DONE.set(this, true);
        } else {
            DONE.setVolatile(this, true);
        }
        if (waiting != null) {
            waiting.unpark();
        }
    }

    @Override
    public final boolean isDone() {
        return (boolean) DONE.getAcquire(this);
    }

    /** Whether the loop started it. For the fiber, when it is done. */
    final boolean wasStarted() {
        return refusal == null;
    }

    /** What came of it. For the fiber, when it is done. Throws if the loop did not start it. */
    final int result() {
        if (refusal instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (refusal instanceof Error error) {
            throw error;
        }
        return result;
    }
}
