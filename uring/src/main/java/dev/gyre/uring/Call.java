package dev.gyre.uring;

import dev.gyre.io.spi.Fiber;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A fiber's wait for one operation of a ring.
 *
 * <p>Everything that touches the operation happens on the loop: a fiber that is carried by it submits by itself, any
 * other one sends the submission there. The fiber does not go on before the operation's last completion, whoever
 * wants it to end early: a request to stop and a timeout only ask the kernel.
 *
 * <p>A call and its operation can be used again, by one fiber after the other.
 */
final class Call extends LoopWait implements Callback {
    private @Nullable LoopThread loop;
    private @Nullable Operation operation;
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
     * @param newDeadline when it is ended, by {@code System.nanoTime}; {@link Timer#NEVER} for never
     * @return the kernel's result; {@code -ECANCELED} if it was ended early
     */
    int run(LoopThread newLoop, Fiber newFiber, Operation newOperation, long newDeadline) {
        begin(newLoop, newFiber, newOperation, newDeadline);
        newFiber.block(this);
        return newOperation.result();
    }

    /** Like {@link #run}, but a request to stop waits until it is over. */
    int runUncancelable(LoopThread newLoop, Fiber newFiber, Operation newOperation) {
        begin(newLoop, newFiber, newOperation, Timer.NEVER);
        newFiber.blockUncancelable(this);
        return newOperation.result();
    }

    /** Whether the latest run was ended by its timeout. */
    boolean timedOut() {
        return timedOut;
    }

    @Override
    public void cancel() {
        LoopThread home = loop();
        long asked = run;
        if (home.isCurrent()) {
            cancelHere(asked);
        } else {
            home.post(() -> cancelHere(asked));
        }
    }

    @Override
    public String operation() {
        Operation current = operation;
        return current == null ? "call" : current.kind().name();
    }

    @Override
    public void completed(Operation completed) {
        completedRun = submittedRun;
        if (expiry != null) {
            loop().timers().stop(expiry);
        }
        finish();
    }

    private void begin(LoopThread newLoop, Fiber newFiber, Operation newOperation, long newDeadline) {
        loop = newLoop;
        operation = newOperation;
        timedOut = false;
        run++;
        deadline = newDeadline;
        begin(newFiber);
        if (newLoop.isCurrent()) {
            submit();
        } else {
            newLoop.postOrThrow(this::submit);
        }
    }

    private void submit() {
        LoopThread home = loop();
        if (deadline != Timer.NEVER) {
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

    private LoopThread loop() {
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
