package dev.gyre.io.spi;

import dev.gyre.io.Action;
import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Task;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * A task: its work, the fiber that does it, and its result. There may be a million, so it is small while it runs.
 *
 * @param <T> what the work returns
 * @param <X> what the work may throw
 */
class BaseTask<T extends @Nullable Object, X extends Exception> implements Task<T, X>, Runnable {
    /** A {@link Body} or an {@link Action}, as it came: to make one of the other would be an object for each task. */
    private final Object work;

    private final BaseGroup<?> group;

    /** Links in the list of the group's members, guarded by its lock. */
    @Nullable BaseTask<?, ?> previous;

    @Nullable BaseTask<?, ?> next;

    private @Nullable Fiber fiber;

    /** Null until the end. */
    private volatile @Nullable Outcome<T, X> outcome;

    /** Those that wait for the end, if there ever were any; guarded by this object's lock. */
    private @Nullable WaitList waiters;

    /** A task that has not begun; {@code work} is a {@link Body} or, where nothing is returned, an {@link Action}. */
    BaseTask(BaseGroup<?> group, Object work) {
        this.group = group;
        this.work = work;
    }

    /** Sets the fiber that will run it, before that one starts. */
    void runsOn(Fiber newFiber) {
        fiber = newFiber;
    }

    /** Does the work, on its fiber or, where none was free, on the fiber that asked for the task. */
    @Override
    public void run() {
        recordStart();
        Outcome<T, X> ended = doWork();
        workEnded();
        recordEnd(ended);
        Waiter waiting;
        synchronized (this) {
            outcome = ended;
            waiting = waiters == null ? null : waiters.removeAll();
        }
        try {
            group.ended(this, ended.failure());
        } finally {
            WaitList.signalAll(waiting);
        }
    }

    /**
     * An event's class starts the whole recorder when it is loaded, which takes longer than most tasks. Where it cannot
     * be loaded, or there is no memory for an event, the task runs all the same.
     */
    private void recordStart() {
        if (FlightRecorder.isInitialized()) {
            try {
                TaskStartEvent.record(name());
            } catch (VirtualMachineError | LinkageError untold) {
                // Then nobody is told.
            }
        }
    }

    private void recordEnd(Outcome<T, X> ended) {
        if (FlightRecorder.isInitialized()) {
            try {
                TaskEndEvent.record(name(), ended.failure());
            } catch (VirtualMachineError | LinkageError untold) {
                // As above.
            }
        }
    }

    @SuppressWarnings("unchecked") // whoever gave the work knew its types
    private Outcome<T, X> doWork() {
        return work instanceof Action<?> ? Outcome.of((Action<X>) work) : Outcome.of((Body<T, X>) work);
    }

    /** Called between the end of the work and the task's. */
    void workEnded() {}

    @Override
    public T await() throws X {
        io().interleave();
        if (!isDone()) {
            Fiber caller = caller();
            PassingWaiter waiter = new PassingWaiter(caller, this, this::requestCancel);
            if (enlist(waiter) && !waiter.await() && delist(waiter)) {
                throw waiter.refusal();
            }
        }
        return outcome();
    }

    @Override
    public T cancel() throws X {
        io().interleave();
        if (!isDone()) {
            Fiber caller = caller();
            requestCancel();
            EndWaiter waiter = new EndWaiter(caller, "cancel", this);
            if (enlist(waiter) && !waiter.await() && delist(waiter)) {
                throw new IllegalStateException("what is canceled waits for the end of this task: " + this);
            }
        }
        return outcome();
    }

    @Override
    public boolean isDone() {
        return outcome != null;
    }

    /** Asks the task to stop, unless it has ended. */
    void requestCancel() {
        Fiber running = fiber;
        if (running != null && !isDone()) {
            running.requestCancel();
        }
    }

    /** Puts {@code waiter} among those that are signaled at the end. False if the end is there. */
    synchronized boolean enlist(Waiter waiter) {
        if (isDone()) {
            return false;
        }
        if (waiters == null) {
            waiters = new WaitList();
        }
        waiters.add(waiter);
        return true;
    }

    /** Takes {@code waiter} back; false if the end has come. */
    synchronized boolean delist(Waiter waiter) {
        return waiters != null && waiters.remove(waiter);
    }

    /** A {@link Body} or an {@link Action}, as it came. */
    final Object work() {
        return work;
    }

    /** Where the work was written. */
    final String name() {
        return TaskNames.of(work);
    }

    /** Whether it is one of {@code candidate}'s members. */
    final boolean belongsTo(BaseGroup<?> candidate) {
        return group == candidate;
    }

    /** The fiber that runs it; null if it runs as a part of its caller. */
    final @Nullable Fiber fiber() {
        return fiber;
    }

    /** The fiber on which it runs; null before it begins. */
    @Nullable Fiber runner() {
        return fiber;
    }

    /** Whether {@code thread} runs it. */
    boolean isOn(Thread thread) {
        Fiber running = fiber;
        return running != null && running.thread() == thread;
    }

    /** The {@code Io} that runs it. */
    final BaseIo io() {
        return group.io();
    }

    @Override
    public String toString() {
        Fiber running = fiber;
        return running == null ? name() : running.toString();
    }

    /** The fiber that is about to wait. */
    private Fiber caller() {
        Fiber caller = io().currentFiber();
        requireOther(caller);
        return caller;
    }

    /** Refuses the fiber that runs this task, and would wait for its end. */
    final void requireOther(Fiber waiting) {
        if (waiting == fiber) {
            throw new IllegalStateException("a task would wait for itself; let another one await or cancel it");
        }
    }

    @SuppressWarnings("NullAway") // only after the end
    private T outcome() throws X {
        return outcome.get();
    }

    /** Whether {@code thrown} says that a task did as it was told, and not that it failed. */
    static boolean isCancellation(Throwable thrown) {
        return thrown instanceof CanceledException;
    }
}
