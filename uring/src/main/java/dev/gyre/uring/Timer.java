package dev.gyre.uring;

/**
 * Something that happens at a time, on the loop's thread.
 *
 * <p>Most timers guard an operation that ends long before they fire, and are then set again for the next one. So
 * neither stopping a timer nor setting it to a later time moves it in the heap: it keeps its place, and when that
 * comes up, {@link Timers} looks at what it is set to now.
 */
abstract class Timer {
    /** {@link #deadline} of a timer that is not set; what {@code PosixClock.deadline} gives for no timeout. */
    static final long NEVER = Long.MAX_VALUE;

    /** When it is to fire, by {@code System.nanoTime}, or {@link #NEVER}. */
    long deadline = NEVER;

    /** By when it stands in the heap. */
    long position;

    /** Its place in the heap, or -1. */
    int index = -1;

    /** Called once, when the time has come. The timer may be set again. */
    abstract void fire();
}
