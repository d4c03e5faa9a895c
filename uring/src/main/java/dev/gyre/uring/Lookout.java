package dev.gyre.uring;

import dev.gyre.ring.Loop;

/**
 * What a loop does when it has nothing to run: for a moment it looks out for what other threads send, before it sleeps
 * in the kernel. To be put to sleep and woken takes longer than that moment, for both sides.
 *
 * <p>It only does so while that pays: where tasks of several loops answer each other, so that what comes next nearly
 * always comes within the moment. That is learned from each time without work, slept through or not.
 */
final class Lookout {
    /** The moment. */
    private static final long NANOS = 20_000;

    /** What it would have been, had both sides been awake, where it was so long with two of them to be woken. */
    private static final long NANOS_ASLEEP = 3 * NANOS;

    /** From so much trust on it looks out. */
    private static final int TRUST_ENOUGH = 8;

    private static final int TRUST_MAX = 16;

    /** What a vain wait costs of it; one that was not gains 1, so two in three have to be. */
    private static final int TRUST_LOST = 2;

    private final LoopQueue queue;
    private int trust;

    /** How long it has looked out. Written by the loop's thread. */
    private volatile long spent;

    Lookout(LoopQueue queue) {
        this.queue = queue;
    }

    /** Whether it would look out now. */
    boolean pays() {
        return trust >= TRUST_ENOUGH;
    }

    /**
     * Looks out, if that pays.
     *
     * @param since when there was nothing to do any more
     * @param until the loop's next timer
     * @return whether something has come from other threads
     */
    boolean look(Loop loop, long since, long until) {
        if (!pays()) {
            return false;
        }
        long limit = Math.min(NANOS, until);
        long looked = 0;
        while (queue.isEmpty() && looked < limit && !loop.hasWork()) {
            Thread.onSpinWait();
            looked = System.nanoTime() - since;
        }
        long before = spent;
        spent = before + Math.min(looked, NANOS); // it may have been switched out
        return !queue.isEmpty();
    }

    /**
     * Learns.
     *
     * @param idle how long there was nothing to do
     * @param called whether that ended with something from another thread
     */
    void learn(long idle, boolean called) {
        if (idle > (pays() ? NANOS : NANOS_ASLEEP)) {
            trust = Math.max(0, trust - TRUST_LOST);
        } else if (called) {
            trust = Math.min(TRUST_MAX, trust + 1);
        }
    }

    /** How long it has looked out, all together. From any thread. */
    long spentNanos() {
        return spent;
    }
}
