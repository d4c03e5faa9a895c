package dev.gyre.simulated.turns;

import dev.gyre.io.spi.Blocker;
import java.time.Duration;

/** A fiber's wait for a time, or for something that may come before it. */
public final class Wait extends Alarm implements Blocker {
    private final Scheduler scheduler;
    private final SimulatedFiber fiber;
    private final String operation;
    private final Object target;
    private volatile boolean over;
    private volatile boolean done;

    /**
     * A wait that has not begun.
     *
     * @param operation what waits, in a word
     * @param target what it is done to, for people; empty for nothing
     */
    public Wait(Scheduler scheduler, SimulatedFiber fiber, long deadline, String operation, Object target) {
        super(deadline);
        this.scheduler = scheduler;
        this.fiber = fiber;
        this.operation = operation;
        this.target = target;
    }

    @Override
    protected void ring() {
        over = true;
        done = true;
        fiber.unpark();
    }

    /** What may come before the time has come. */
    void end() {
        if (deadline == Long.MAX_VALUE ? !done : scheduler.remove(this)) {
            done = true;
            fiber.unpark();
        }
    }

    /** Whether the wait ended because the time is over. */
    public boolean isOver() {
        return over;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void cancel() {
        end();
    }

    @Override
    public String operation() {
        return operation;
    }

    @Override
    public String toString() {
        String limit = deadline == Long.MAX_VALUE ? "for ever" : "until " + Duration.ofNanos(deadline);
        return (operation + " " + target).strip() + " " + limit;
    }
}
