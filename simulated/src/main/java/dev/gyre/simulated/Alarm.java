package dev.gyre.simulated;

import dev.gyre.io.spi.Blocker;
import java.time.Duration;

/** A fiber's wait for a time. */
final class Alarm implements Blocker {
    private final Scheduler scheduler;
    private final SimulatedFiber fiber;

    /** By virtual time. */
    final long deadline;

    /** Tells alarms for the same time apart; given by the scheduler. */
    long number;

    private volatile boolean over;
    private volatile boolean done;

    Alarm(Scheduler scheduler, SimulatedFiber fiber, long deadline) {
        this.scheduler = scheduler;
        this.fiber = fiber;
        this.deadline = deadline;
    }

    /** The time has come. */
    void ring() {
        over = true;
        done = true;
        fiber.unpark();
    }

    /** Whether the wait ended because the time is over. */
    boolean isOver() {
        return over;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void cancel() {
        if (scheduler.remove(this)) {
            done = true;
            fiber.unpark();
        }
    }

    @Override
    public String operation() {
        return "sleep";
    }

    @Override
    public String toString() {
        return deadline == Long.MAX_VALUE ? "sleep for ever" : "sleep until " + Duration.ofNanos(deadline);
    }
}
