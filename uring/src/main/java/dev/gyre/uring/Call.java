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
 * <p>Everything that touches the operation happens on the loop: a fiber that is carried by it submits by itself, any
 * other one sends the submission there. The fiber does not go on before the operation's last completion, whoever
 * wants it to end early: a request to stop and a deadline only ask the kernel.
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
        if (!begin(newLoop, newFiber, newOperation, newTarget, newDeadline)) {
            throw new IllegalStateException("the Io is closed");
        }
        newFiber.block(this);
        return result();
    }

    /**
     * Like {@link #run}, but a request to stop waits until it is over.
     *
     * @return false if the loop has ended, and the operation was not submitted
     */
    final boolean runUncancelable(LoopThread newLoop, Fiber newFiber, Operation newOperation, Object newTarget) {
        if (!begin(newLoop, newFiber, newOperation, newTarget, Kernel.NEVER)) {
            return false;
        }
        newFiber.blockUncancelable(this);
        return true;
    }

    /** What came of the latest run. */
    final int result() {
        int result = current().result();
        target = null;
        return timedOut && result == -Errno.ECANCELED.code() ? -Errno.ETIME.code() : result;
    }

    @Override
    public final void cancel() {
        long asked = run;
        loop().perform(() -> cancelHere(asked));
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
        completedRun = submittedRun;
        if (expiry != null) {
            loop().timers().stop(expiry);
        }
        finish();
    }

    /** False if the loop has ended, and the operation was not submitted. */
    private boolean begin(
            LoopThread newLoop, Fiber newFiber, Operation newOperation, Object newTarget, long newDeadline) {
        loop = newLoop;
        operation = newOperation;
        target = newTarget;
        timedOut = false;
        run++;
        deadline = newDeadline;
        begin(newFiber);
        if (newLoop.isCurrent()) {
            submit();
            return true;
        }
        // Where the loop has ended, it may have done this before, and nothing is under way any more.
        return newLoop.post(this::submit) || submittedRun == run;
    }

    private void submit() {
        LoopThread home = loop();
        if (deadline != Kernel.NEVER) {
            if (expiry == null) {
                expiry = new Expiry();
            }
            home.timers().set(expiry, deadline);
        }
        submittedRun = run;
        home.loop().submit(current());
        if (canceledRun == submittedRun) {
            home.loop().cancel(current());
        }
    }

    /** A request may overtake the submission, which then heeds it, and may come after the completion. */
    private void cancelHere(long asked) {
        if (asked > completedRun) {
            canceledRun = asked;
            if (asked == submittedRun) {
                loop().loop().cancel(current());
            }
        }
    }

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
