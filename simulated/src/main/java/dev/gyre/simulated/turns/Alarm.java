package dev.gyre.simulated.turns;

/** Something that happens at a time. */
public abstract class Alarm {
    /** By virtual time; {@code Long.MAX_VALUE} for never. */
    public final long deadline;

    /** Tells alarms for the same time apart; given by the scheduler. */
    long number;

    protected Alarm(long deadline) {
        this.deadline = deadline;
    }

    /** The time has come. With the scheduler's lock. */
    protected abstract void ring();
}
