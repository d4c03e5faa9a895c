package dev.gyre.io.spi;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Numbers that look random and follow from a seed, for any number of threads: SplitMix64, whose state is a counter, and
 * so can be advanced atomically. (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014.)
 */
public final class SharedRandom implements RandomGenerator {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private final AtomicLong state;

    /**
     * A generator.
     *
     * @param seed any
     */
    public SharedRandom(long seed) {
        state = new AtomicLong(seed);
    }

    @Override
    public long nextLong() {
        long mixed = state.addAndGet(GAMMA);
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
