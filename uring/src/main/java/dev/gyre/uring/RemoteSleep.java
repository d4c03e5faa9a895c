package dev.gyre.uring;

import dev.gyre.io.spi.DeferredBlocker;
import dev.gyre.io.spi.Fiber;

/** The wait for a time of a fiber that no loop carries: a timer of some loop, to which everything has to be told. */
final class RemoteSleep extends Timer implements DeferredBlocker {
    private final LoopThread loop;
    private final Fiber fiber;

    /** Whether the loop knows of it. Only for the fiber. */
    private boolean begun;

    /** Whether it was told to end before its time, and did. */
    private boolean canceled;

    private volatile boolean done;

    private RemoteSleep(LoopThread loop, Fiber fiber, long deadline) {
        this.loop = loop;
        this.fiber = fiber;
        this.deadline = Math.min(deadline, NEVER - 1);
    }

    /** Lets {@code fiber}, which is the calling one, sleep. False if it was asked to stop before its time. */
    static boolean until(long deadline, Fiber fiber, LoopThread loop) {
        RemoteSleep sleep = new RemoteSleep(loop, fiber, deadline);
        fiber.block(sleep);
        return !sleep.canceled;
    }

    @Override
    public void begin() {
        loop.postOrThrow(this::set);
        begun = true;
    }

    @Override
    public boolean hasBegun() {
        return begun;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void cancel() {
        if (begun) {
            loop.post(this::cancelHere);
        } else {
            canceled = true;
            done = true;
        }
    }

    @Override
    public String operation() {
        return "sleep";
    }

    @Override
    public String toString() {
        return operation();
    }

    @Override
    void fire() {
        finish();
    }

    private void set() {
        if (!canceled) {
            loop.timers().set(this, deadline);
        }
    }

    /** Comes before {@link #set}, after it, or after the end. */
    private void cancelHere() {
        if (!done) {
            canceled = true;
            loop.timers().remove(this);
            finish();
        }
    }

    private void finish() {
        done = true;
        fiber.unpark();
    }
}
