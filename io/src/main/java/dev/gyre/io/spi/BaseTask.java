package dev.gyre.io.spi;

import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Task;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * A task: a body, the fiber that runs it, and its result. There may be a million, so it is small while it runs.
 *
 * @param <T> what the body returns
 * @param <X> what the body may throw
 */
final class BaseTask<T extends @Nullable Object, X extends Exception> implements Task<T, X>, Runnable {
    private final Body<T, X> body;
    private final BaseGroup<?> group;
    private final String name;

    /** Links in the list of the group's members, guarded by its lock. */
    @Nullable BaseTask<?, ?> previous;

    @Nullable BaseTask<?, ?> next;

    private @Nullable Fiber fiber;
    private @Nullable Outcome<T, X> outcome;
    private volatile boolean done;

    /** Those that wait for the end, if there ever were any; guarded by this object's lock. */
    private @Nullable WaitList waiters;

    BaseTask(BaseGroup<?> group, String name, Body<T, X> body) {
        this.group = group;
        this.name = name;
        this.body = body;
    }

    /** Sets the fiber that will run it, before that one starts. */
    void runsOn(Fiber newFiber) {
        fiber = newFiber;
    }

    /** Runs the body, on its fiber or, where none was free, on the fiber that asked for the task. */
    @Override
    public void run() {
        // An event's class starts the whole recorder when it is loaded, which takes longer than most tasks.
        if (FlightRecorder.isInitialized()) {
            TaskStartEvent.record(name);
        }
        Outcome<T, X> ended = Outcome.of(body);
        if (FlightRecorder.isInitialized()) {
            TaskEndEvent.record(name, ended.failure());
        }
        outcome = ended;
        Waiter waiting;
        synchronized (this) {
            done = true;
            waiting = waiters == null ? null : waiters.removeAll();
        }
        group.ended(this, ended.failure());
        WaitList.signalAll(waiting);
    }

    @Override
    public T await() throws X {
        io().interleave();
        if (!done) {
            Fiber caller = io().currentFiber();
            PassingWaiter waiter = new PassingWaiter(caller, this, this::requestCancel);
            if (enlist(waiter)) {
                caller.block(waiter);
                waiter.consumeIfPassed();
            }
        }
        return outcome();
    }

    @Override
    public T cancel() throws X {
        io().interleave();
        requestCancel();
        if (!done) {
            Fiber caller = io().currentFiber();
            Waiter waiter = new Waiter(caller, "await");
            if (enlist(waiter)) {
                caller.blockUncancelable(waiter);
            }
        }
        return outcome();
    }

    @Override
    public boolean isDone() {
        return done;
    }

    /** Asks the task to stop. False if there is nobody to ask: it has ended, or runs as a part of its caller. */
    boolean requestCancel() {
        Fiber running = fiber;
        if (running == null || done) {
            return false;
        }
        running.requestCancel();
        return true;
    }

    /** Puts {@code waiter} among those that are signaled at the end. False if the end is there. */
    synchronized boolean enlist(Waiter waiter) {
        if (done) {
            return false;
        }
        if (waiters == null) {
            waiters = new WaitList();
        }
        waiters.add(waiter);
        return true;
    }

    /** Takes {@code waiter} back, if it was not signaled yet. */
    synchronized void delist(Waiter waiter) {
        if (waiters != null) {
            waiters.remove(waiter);
        }
    }

    /** Where the body was written. */
    String name() {
        return name;
    }

    /** The {@code Io} that runs it. */
    BaseIo io() {
        return group.io();
    }

    @Override
    public String toString() {
        Fiber running = fiber;
        return running == null ? name : running.toString();
    }

    @SuppressWarnings("NullAway") // set before done
    private T outcome() throws X {
        return outcome.get();
    }

    /** Whether {@code thrown} says that a task did as it was told, and not that it failed. */
    static boolean isCancellation(Throwable thrown) {
        return thrown instanceof CanceledException;
    }
}
