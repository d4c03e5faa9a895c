package dev.gyre.uring;

import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.posix.Kernel;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A fiber's wait for one operation of a ring.
 *
 * <p>Everything that touches the operation happens on the loop. The fiber does not go on before the operation's last
 * completion, whoever wants it to end early: a request to stop and a deadline only ask the kernel.
 *
 * <p>A call and its operation can be used again, by one fiber after the other.
 */
class Call extends LoopWait implements Callback {
    private @Nullable LoopThread loop;
    private @Nullable Operation operation;
    private @Nullable Object target;
    private @Nullable Expiry expiry;
    private long deadline;
    private boolean timedOut;

    /** Whether the fiber has asked it to end early. Only for the fiber. */
    private boolean asked;

    /** Counts the runs, so that a request to cancel that arrives late does not hit the next one. */
    private long run;

    // Only used on the loop: the last run that was submitted, completed, and asked to end.
    private long submittedRun;
    private long completedRun;
    private long canceledRun;

    /**
     * Submits {@code newOperation} and waits for its last completion.
     *
     * @param newLoop the loop to submit to
     * @param newFiber the calling fiber
     * @param newOperation not in flight, with this as its callback
     * @param newTarget what it is done to, for reports
     * @param newDeadline when it is ended, by {@code System.nanoTime}; {@link Kernel#NEVER} for never
     * @return the kernel's result; {@code -ECANCELED} if it was ended early, {@code -ETIME} if that was its deadline
     * @throws IllegalStateException if the loop has ended
     */
    final int run(LoopThread newLoop, Fiber newFiber, Operation newOperation, Object newTarget, long newDeadline) {
        prepare(newLoop, newFiber, newOperation, newTarget, newDeadline);
        newFiber.block(this);
        target = null;
        int result = result();
        if (result == -Errno.ECANCELED.code()) {
            newFiber.throwShortage();
        }
        return result;
    }

    /**
     * Like {@link #run}, but a request to stop waits until it is over.
     *
     * @return false if the operation was not submitted, as when the loop has ended
     */
    final boolean runUncancelable(LoopThread newLoop, Fiber newFiber, Operation newOperation, Object newTarget) {
        prepare(newLoop, newFiber, newOperation, newTarget, Kernel.NEVER);
        newFiber.blockUncancelable(this);
        target = null;
        return wasStarted();
    }

    private void prepare(
            LoopThread newLoop, Fiber newFiber, Operation newOperation, Object newTarget, long newDeadline) {
        loop = newLoop;
        operation = newOperation;
        target = newTarget;
        timedOut = false;
        asked = false;
        run++;
        deadline = newDeadline;
        prepare(newFiber);
    }

    /** Whether the last run was asked to end early. For the fiber. */
    final boolean wasAskedToEnd() {
        return asked;
    }

    @Override
    public final void cancel() {
        asked = true;
        if (!hasBegun()) {
            completedRun = run;
            finish(-Errno.ECANCELED.code());
            return;
        }
        long askedRun = run;
        loop().perform(() -> cancelHere(askedRun));
    }

    @Override
    public final String operation() {
        Operation current = operation;
        return current == null ? "call" : current.kind().name();
    }

    @Override
    public final String toString() {
        Object of = target;
        return of == null ? operation() : operation() + " " + of;
    }

    @Override
    public void completed(Operation completed) {
        ended();
        int result = completed.result();
        finish(timedOut && result == -Errno.ECANCELED.code() ? -Errno.ETIME.code() : result);
    }

    @Override
    final void start() {
        LoopThread home = loop();
        submittedRun = run;
        if (canceledRun == run) {
            completedRun = run;
            finish(-Errno.ECANCELED.code());
            return;
        }
        boolean submitted = false;
        try {
            if (deadline != Kernel.NEVER) {
                if (expiry == null) {
                    expiry = new Expiry();
                }
                home.timers().set(expiry, deadline);
            }
            home.loop().submit(current());
            submitted = true;
        } finally {
            if (!submitted) {
                ended();
            }
        }
    }

    private void ended() {
        completedRun = submittedRun;
        if (expiry != null) {
            loop().timers().stop(expiry);
        }
    }

    /** A request may overtake the submission, which then heeds it, and may come after the completion. */
    private void cancelHere(long askedRun) {
        if (askedRun > completedRun) {
            canceledRun = askedRun;
            if (askedRun == submittedRun) {
                loop().loop().cancel(current());
            }
        }
    }

    @Override
    final LoopThread loop() {
        if (loop == null) {
            throw new AssertionError("a call has a loop while it runs");
        }
        return loop;
    }

    private Operation current() {
        if (operation == null) {
            throw new AssertionError("a call has an operation while it runs");
        }
        return operation;
    }

    /** Ends the operation when its time is over. */
    private final class Expiry extends Timer {
        @Override
        void fire() {
            timedOut = true;
            cancelHere(submittedRun);
        }
    }
}
