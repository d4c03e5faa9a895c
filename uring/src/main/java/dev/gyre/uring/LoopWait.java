package dev.gyre.uring;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A fiber's wait for something that a loop tells it. It can be used again, by one fiber after the other. */
abstract class LoopWait implements Blocker {
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

    @SuppressWarnings("UnusedVariable") // by way of DONE
    private boolean done = true;

    /** Whose wait it is from now on. */
    final void begin(Fiber newFiber) {
        fiber = newFiber;
        DONE.set(this, false);
    }

    /**
     * Lets the fiber go on; it sees what was written before.
     *
     * <p>A fiber that this thread carries looks again later. Any other one may be about to look right now, and may have
     * a permit from before, with which the unpark does nothing: so this has to be done before that permit is looked at,
     * and a mere release does not keep a write and a later read in order.
     */
    final void finish() {
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
}
