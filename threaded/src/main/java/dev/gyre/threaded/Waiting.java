package dev.gyre.threaded;

import dev.gyre.io.spi.Blocker;

/** Something that a fiber's own thread waits for in a way of its own, instead of being parked. */
abstract class Waiting implements Blocker {
    /** Waits until this is done, or less. Called on the fiber's thread. */
    abstract void suspend();
}
