package dev.gyre.simulated;

/** Something that happens at a time. */
abstract class Alarm {
    /** By virtual time; {@code Long.MAX_VALUE} for never. */
    final long deadline;

    /** Tells alarms for the same time apart; given by the scheduler. */
    long number;

    Alarm(long deadline) {
        this.deadline = deadline;
    }

    /** The time has come. With the scheduler's lock. */
    abstract void ring();
}
