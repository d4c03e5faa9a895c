package dev.gyre.simulated;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A task that waits for its turn before it does anything, or a thread that the simulation does not control. */
final class SimulatedFiber extends Fiber {
    private final Scheduler scheduler;
    private final SimulatedIo io;
    private final Thread thread;

    /** Null for a foreign thread. */
    private final @Nullable Runnable body;

    /** Counted from 1 in the order in which tasks were made; 0 for foreign threads. */
    final long number;

    // All guarded by the scheduler's lock.

    /** Whether {@link #unpark} was called since the fiber was last parked. */
    boolean permitted;

    boolean parked;

    /** Whether a foreign thread is to be told that nothing will happen any more. */
    boolean doomed;

    /** Whether the thread was started. */
    boolean started;

    private volatile @Nullable Blocker waiting;
    private volatile boolean turn;

    /** Whether the thread is to be interrupted when it has its turn. */
    private volatile boolean interruptLater;

    /** A task. */
    SimulatedFiber(SimulatedIo io, Scheduler scheduler, long number, String name, Runnable body) {
        this.io = io;
        this.scheduler = scheduler;
        this.number = number;
        this.body = body;
        this.thread = Thread.ofVirtual().name("gyre-task-" + number + " " + name).unstarted(() -> {
            try {
                io.runAs(this, body);
            } finally {
                scheduler.ended();
            }
        });
    }

    /** A foreign thread. */
    SimulatedFiber(SimulatedIo io, Scheduler scheduler, Thread thread) {
        this.io = io;
        this.scheduler = scheduler;
        this.number = 0;
        this.body = null;
        this.thread = thread;
    }

    SimulatedIo io() {
        return io;
    }

    /** What it is blocked on, or null. */
    @Nullable Blocker waiting() {
        return waiting;
    }

    @Override
    protected @Nullable Runnable body() {
        return body;
    }

    @Override
    public Thread thread() {
        return thread;
    }

    @Override
    protected void await(Blocker blocker, boolean cancelable) {
        waiting = blocker;
        if (isForeign()) {
            io.whileWaiting(this, () -> super.await(blocker, cancelable));
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
        if (!isForeign()) {
            if (scheduler.isRunning(this)) {
                super.interrupt();
                return;
            }
            interruptLater = true;
        }
        unpark();
    }

    /** Lets the thread run. With the scheduler's lock. */
    void resume() {
        if (started || isForeign()) {
            turn = true;
            LockSupport.unpark(thread);
        } else {
            started = true;
            if (interruptLater) {
                interruptLater = false;
                thread.interrupt();
            }
            thread.start();
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
}
