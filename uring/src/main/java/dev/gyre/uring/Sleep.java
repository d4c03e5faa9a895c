package dev.gyre.uring;

import dev.gyre.io.spi.Fiber;

/** A fiber's wait for a time. */
final class Sleep extends LoopWait {
    private final LoopThread loop;
    private final long deadline;
    private final Alarm alarm = new Alarm();
    private boolean canceled;
    private boolean over;

    Sleep(LoopThread loop, long deadline) {
        this.loop = loop;
        this.deadline = deadline;
    }

    void run(Fiber fiber) {
        begin(fiber);
        if (loop.isCurrent()) {
            set();
        } else {
            loop.execute(this::set);
        }
        fiber.block(this);
    }

    /** Whether it ended because the time is over. */
    boolean isOver() {
        return over;
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
        if (!isDone()) {
            loop.timers().remove(alarm);
            finish();
        }
    }

    private final class Alarm extends Timer {
        @Override
        void fire() {
            over = true;
            finish();
        }
    }
}
