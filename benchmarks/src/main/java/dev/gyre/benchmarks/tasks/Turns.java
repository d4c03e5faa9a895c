package dev.gyre.benchmarks.tasks;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Two threads that let each other go on in turn, by a flag and {@code unpark}: the least that it takes to hand
 * something from thread to thread where both run on one processor.
 */
final class Turns {
    private final Thread first = Thread.currentThread();
    private volatile @Nullable Thread second;
    private volatile boolean secondIsNext = true;

    /** For the thread that made this. */
    void takeFirst(int times) {
        for (int i = 0; i < times; i++) {
            while (secondIsNext) {
                LockSupport.park(this);
            }
            secondIsNext = true;
            LockSupport.unpark(second);
        }
    }

    /** For another thread, which begins. */
    void takeSecond(int times) {
        second = Thread.currentThread();
        for (int i = 0; i < times; i++) {
            while (!secondIsNext) {
                LockSupport.park(this);
            }
            secondIsNext = false;
            LockSupport.unpark(first);
        }
    }
}
