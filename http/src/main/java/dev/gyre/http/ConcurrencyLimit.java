package dev.gyre.http;

import dev.gyre.io.Io;
import dev.gyre.io.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests may be at something costly at once. Some more wait in line for it, and hold nothing meanwhile;
 * those that come then are to be told so ({@link Reply#busy}).
 */
final class ConcurrencyLimit {
    /** How many may wait. */
    static final int WAITING_MAX = 64;

    private final Semaphore places;

    /** How many wait, or are there. */
    private final AtomicInteger present = new AtomicInteger();

    private final int presentMax;

    /**
     * A limit that nobody has reached.
     *
     * @param placesMax how many may be there at once
     */
    ConcurrencyLimit(Io io, int placesMax) {
        this.places = io.semaphore(placesMax);
        this.presentMax = placesMax + WAITING_MAX;
    }

    /** Waits for a place, which is to be given back by {@link #leave}. False if too many wait. A cancellation point. */
    boolean enter() {
        if (present.incrementAndGet() > presentMax) {
            present.decrementAndGet();
            return false;
        }
        boolean entered = false;
        try {
            places.acquire();
            entered = true;
        } finally {
            if (!entered) {
                present.decrementAndGet();
            }
        }
        return true;
    }

    /** How many wait or are there, for tests. */
    int present() {
        return present.get();
    }

    void leave() {
        places.release();
        present.decrementAndGet();
    }
}
