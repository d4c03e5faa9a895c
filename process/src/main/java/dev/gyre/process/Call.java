package dev.gyre.process;

import dev.gyre.io.Timeout;
import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.FiberAccess;
import dev.gyre.io.spi.StackRoom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a fiber waits for from a process: an answer, or the end of that process. Whichever comes first is what
 * counts; so a late answer goes nowhere, and the caller's mailbox, if it has one, has nothing to do with it.
 */
final class Call implements Blocker, Runnable {
    /** The process has ended. */
    private record Ended(ExitReason reason) {}

    private static final Object TIME_IS_OVER = new Object();
    private static final Object GIVEN_UP = new Object();

    private static final AtomicReferenceFieldUpdater<Call, @Nullable Object> OUTCOME =
            AtomicReferenceFieldUpdater.newUpdater(Call.class, Object.class, "outcome");

    private final Pid process;
    private volatile @Nullable Object outcome;

    /** Who waits; it says so before it looks at the outcome. */
    private volatile @Nullable Fiber waiter;

    Call(Pid process) {
        this.process = process;
    }

    /** Answers; false if nobody wants it any more. From any thread. */
    boolean answer(Object value) {
        StackRoom.requireToPark(); // from there on the waiter must be woken
        boolean first = OUTCOME.compareAndSet(this, null, value);
        Fiber waiting = waiter;
        if (first && waiting != null) {
            waiting.unpark();
        }
        return first;
    }

    /** The process has ended. */
    void ended(ExitReason reason) {
        answer(new Ended(reason));
    }

    /** The time is over. On whatever thread has the timer, which has room on its stack. */
    @Override
    public void run() {
        Fiber waiting = waiter;
        if (OUTCOME.compareAndSet(this, null, TIME_IS_OVER) && waiting != null) {
            waiting.unpark();
        }
    }

    /** Whether somebody waits for the answer, or may. */
    boolean isOpen() {
        return outcome == null;
    }

    /** Waits. The second wait for the same answer gets it too. */
    Object await(FiberAccess access, Timeout limit) throws TimeoutException {
        Fiber fiber = access.currentFiber();
        waiter = fiber;
        Object there = outcome;
        if (there == null) {
            fiber.checkCancel();
            long deadline = access.deadline(limit);
            Runnable stop = deadline == Long.MAX_VALUE ? () -> {} : access.startTimer(fiber, deadline, this);
            try {
                fiber.block(this);
            } finally {
                stop.run();
            }
            there = outcome;
        }
        if (there instanceof Ended(ExitReason reason)) {
            throw new CallException(process, reason);
        }
        if (there == TIME_IS_OVER) {
            throw new TimeoutException("no answer from process " + process + " within " + limit);
        }
        if (there == null || there == GIVEN_UP) {
            throw fiber.canceled();
        }
        return there;
    }

    @Override
    public boolean isDone() {
        return outcome != null;
    }

    @Override
    public void cancel() {
        OUTCOME.compareAndSet(this, null, GIVEN_UP);
    }

    @Override
    public String operation() {
        return "call";
    }

    @Override
    public boolean needsOthers() {
        return true;
    }

    @Override
    public String toString() {
        return "call process " + process;
    }
}
