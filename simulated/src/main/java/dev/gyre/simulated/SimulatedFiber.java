package dev.gyre.simulated;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.ThreadFiber;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A task that waits for its turn before it does anything, or a thread that the simulation does not control. */
final class SimulatedFiber extends ThreadFiber {
    private final Scheduler scheduler;
    private final SimulatedIo io;
    private final boolean stranger;

    /** Counted from 1 in the order in which tasks were made; 0 for strangers. */
    final long number;

    // All guarded by the scheduler's lock.

    /** Whether {@link #unpark} was called since the fiber was last parked. */
    boolean permitted;

    boolean parked;

    /** Whether a stranger is to be told that nothing will happen any more. */
    boolean doomed;

    /** Whether the thread was started. */
    boolean started;

    private volatile @Nullable Blocker waitsFor;
    private volatile boolean turn;

    /** A task. */
    SimulatedFiber(SimulatedIo io, Scheduler scheduler, long number, String name, Runnable body) {
        super(body);
        this.io = io;
        this.scheduler = scheduler;
        this.number = number;
        this.stranger = false;
        started(Thread.ofVirtual().name("gyre-task-" + number + " " + name).unstarted(() -> {
            try {
                io.runAs(this, body);
            } finally {
                scheduler.ended();
            }
        }));
    }

    /** A stranger. */
    SimulatedFiber(SimulatedIo io, Scheduler scheduler, Thread thread) {
        super(thread);
        this.io = io;
        this.scheduler = scheduler;
        this.number = 0;
        this.stranger = true;
    }

    SimulatedIo io() {
        return io;
    }

    boolean isStranger() {
        return stranger;
    }

    /** What it is blocked on, or null. */
    @Nullable Blocker waitsFor() {
        return waitsFor;
    }

    @Override
    protected void blockCancelable(Blocker blocker) {
        whileWaiting(blocker, () -> super.blockCancelable(blocker));
    }

    @Override
    protected void blockDeaf(Blocker blocker) {
        whileWaiting(blocker, () -> super.blockDeaf(blocker));
    }

    @Override
    protected void suspend(Blocker awaited) {
        scheduler.suspend(this);
    }

    @Override
    public void unpark() {
        scheduler.unpark(this);
    }

    /** Lets the thread run. With the scheduler's lock. */
    @SuppressWarnings("NullAway") // it has a thread from the beginning
    void resume() {
        if (started || stranger) {
            turn = true;
            LockSupport.unpark(thread());
        } else {
            started = true;
            thread().start();
        }
    }

    /** Waits for {@link #resume()}. On its own thread. An interrupt is noticed, but does not end the wait. */
    void awaitTurn() {
        boolean interrupted = false;
        while (!turn) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                interrupted = true;
                scheduler.unpark(this);
            }
        }
        turn = false;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void whileWaiting(Blocker blocker, Runnable wait) {
        waitsFor = blocker;
        if (stranger) {
            io.strangers().whileWaiting(this, wait);
        } else {
            wait.run();
        }
        waitsFor = null;
    }
}
