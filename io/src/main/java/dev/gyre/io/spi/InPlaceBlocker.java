package dev.gyre.io.spi;

/**
 * Something that a fiber's own thread waits for in a way of its own, such as a system call, instead of being parked.
 */
public interface InPlaceBlocker extends Blocker {
    /** Waits until this is done, or less. Called on the fiber's thread. */
    void suspend();

    /**
     * Lets {@link #suspend} return early, if it is under way or begins later. Any thread may call this, also when it is
     * over; it does not block.
     */
    void interrupt();
}
