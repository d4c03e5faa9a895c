package dev.gyre.uring;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;

/** A fiber's wait for a time, and the timer that ends it: one object, because there may be a million. */
final class Sleep extends Timer implements Blocker {
    private final LoopThread loop;
    private final Fiber fiber;

    /** Whether it was told to end before its time, and did. */
    private boolean canceled;

    private volatile boolean done;

    Sleep(LoopThread loop, Fiber fiber, long deadline) {
        this.loop = loop;
        this.fiber = fiber;
        this.deadline = deadline;
    }

    void begin() {
        if (loop.isCurrent()) {
            set();
        } else {
            loop.execute(this::set);
        }
    }

    /** Whether it ended because the time is over. */
    boolean isOver() {
        return done && !canceled;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void cancel() {
        if (loop.isCurrent()) {
            cancelHere();
        } else {
            loop.execute(this::cancelHere);
        }
    }

    @Override
    public String operation() {
        return "sleep";
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
