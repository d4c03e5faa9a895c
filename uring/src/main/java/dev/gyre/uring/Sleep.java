package dev.gyre.uring;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;

/** A fiber's wait for a time. */
final class Sleep extends Blocker {
    private final LoopThread loop;
    private final Fiber fiber;
    private final long deadline;
    private final Alarm alarm = new Alarm();
    private boolean canceled;
    private volatile boolean over;
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
        return over;
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

    private void set() {
        if (!canceled) {
            loop.timers().set(alarm, deadline);
        }
    }

    /** Comes before {@link #set}, after it, or after the end. */
    private void cancelHere() {
        canceled = true;
        if (!done) {
            loop.timers().remove(alarm);
            finish();
        }
    }

    private void finish() {
        done = true;
        fiber.unpark();
    }

    private final class Alarm extends Timer {
        @Override
        void fire() {
            over = true;
            finish();
        }
    }
}
