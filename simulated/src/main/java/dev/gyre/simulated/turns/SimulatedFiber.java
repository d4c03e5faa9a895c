package dev.gyre.simulated.turns;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A task that waits for its turn before it does anything; a guest, which does so too but runs what a task wants to be
 * done elsewhere; or a foreign thread, which the simulation does not control.
 */
public final class SimulatedFiber extends Fiber {
    private final FiberOwner owner;
    private final Scheduler scheduler;
    private final boolean takesTurns;

    /** Null for all but tasks. */
    private final @Nullable Runnable body;

    /** Null for foreign threads. */
    private final @Nullable String name;

    /** Null until it is known. */
    private volatile @Nullable Thread thread;

    /** Counted from 1 in the order in which those were made that take turns; 0 for foreign threads. */
    final long number;

    // All guarded by the scheduler's lock.

    /** Whether {@link #unpark} was called since the fiber was last parked. */
    boolean permitted;

    boolean parked;

    /** Whether a foreign thread is to be told that nothing will happen any more. */
    boolean doomed;

    /** A task's thread until its first turn. */
    private @Nullable Thread unstarted;

    private volatile @Nullable Blocker waiting;
    private volatile boolean turn;

    /** Whether the thread is to be interrupted when it has its turn. */
    private volatile boolean interruptLater;

    private SimulatedFiber(FiberOwner owner, long number, @Nullable String name, @Nullable Runnable body) {
        this.owner = owner;
        this.scheduler = owner.scheduler();
        this.takesTurns = name != null;
        this.number = number;
        this.name = name;
        this.body = body;
    }

    /** A task, whose thread starts when it has its first turn. */
    public static SimulatedFiber task(FiberOwner owner, long number, String name, Runnable body) {
        SimulatedFiber task = new SimulatedFiber(owner, number, "gyre-task-" + number + " " + name, body);
        task.unstarted = Thread.ofVirtual().name(task.toString()).unstarted(() -> task.takeTurns(body));
        task.thread = task.unstarted;
        return task;
    }

    /** What runs on another thread while {@code host} waits. To the rules of tasks it is a foreign thread. */
    public static SimulatedFiber guest(FiberOwner owner, long number, Fiber host) {
        return new SimulatedFiber(owner, number, "blocking-" + number + " of " + host, null);
    }

    /** A foreign thread, which is not known yet. */
    public static SimulatedFiber foreign(FiberOwner owner) {
        return new SimulatedFiber(owner, 0, null, null);
    }

    /** The calling thread is the fiber's. */
    public void setThread() {
        thread = Thread.currentThread();
    }

    /** Whether the calling thread is the fiber's. */
    boolean runsHere() {
        return thread == Thread.currentThread();
    }

    /** Runs something in this guest's turn. */
    public void runInTurn(Runnable call) {
        setThread();
        awaitTurn();
        takeTurns(call);
    }

    /** Runs something on this foreign thread. */
    public void runOutside(Runnable call) {
        setThread();
        owner.runAs(this, call);
    }

    private void takeTurns(Runnable work) {
        try {
            work.run();
        } finally {
            scheduler.ended(this);
        }
    }

    /** Whether it runs only while it has the baton. */
    boolean takesTurns() {
        return takesTurns;
    }

    /**
     * Makes sure that the fiber, whose thread is the calling one, can give the baton away and wait. A virtual thread
     * that leaves its carrier needs stack for each frame that was not there when it last did, and after the baton has
     * gone there would be no way back. So it leaves its carrier once before.
     *
     * @throws StackOverflowError if there is not enough
     */
    void requireLeave() {
        if (body != null) {
            Thread.yield();
        }
    }

    /** What it is blocked on, or null. */
    @Nullable Blocker waiting() {
        return waiting;
    }

    /**
     * Whether its thread, which may run, waits for something that is not the simulation's. A wait with a limit of time
     * does not count: it ends by itself.
     */
    boolean waitsElsewhere() {
        Thread own = thread;
        if (own == null || turn) {
            return false;
        }
        return switch (own.getState()) {
            case WAITING, BLOCKED -> true;
            case NEW, RUNNABLE, TIMED_WAITING, TERMINATED -> false;
        };
    }

    @Override
    protected @Nullable Runnable body() {
        return body;
    }

    @Override
    public @Nullable Thread thread() {
        return thread;
    }

    @Override
    protected void await(Blocker blocker, boolean cancelable) {
        waiting = blocker;
        try {
            requireLeave();
        } catch (StackOverflowError tooDeep) {
            // Who would give it something finds nobody; what it has begun is asked to stop.
            blocker.cancel();
            throw tooDeep;
        }
        if (isForeign()) {
            owner.whileWaiting(this, blocker, () -> super.await(blocker, cancelable));
        } else {
            super.await(blocker, cancelable);
        }
        waiting = null;
    }

    @Override
    protected void suspend(Blocker awaited) {
        InterruptNotice.during(() -> scheduler.suspend(this), () -> scheduler.unpark(this));
    }

    @Override
    public void unpark() {
        scheduler.unpark(this);
    }

    /**
     * A task is told in its turn, so that the order of things is the scheduler's alone. Only one that waits for
     * something of the JDK's, with the baton in its hands, is interrupted at once: by a foreign thread, as nobody else
     * runs.
     */
    @Override
    protected void interrupt() {
        if (body != null) {
            if (scheduler.running() == this) {
                super.interrupt();
                return;
            }
            interruptLater = true;
        }
        unpark();
    }

    /** Lets the thread run. With the scheduler's lock. */
    void resume() {
        Thread first = unstarted;
        if (first == null) {
            turn = true;
            LockSupport.unpark(thread);
        } else {
            unstarted = null;
            if (interruptLater) {
                interruptLater = false;
                first.interrupt();
            }
            first.start();
        }
    }

    /** Waits for {@link #resume()}. On its own thread. An interrupt is left for afterwards. */
    void awaitTurn() {
        boolean interrupted = false;
        while (!turn) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        turn = false;
        if (interrupted || interruptLater) {
            interruptLater = false;
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return name == null ? super.toString() : name;
    }
}
