package dev.gyre.io.spi;

import dev.gyre.io.CanceledException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LZ_Result;

/** A mutex has one holder at most, and nobody waits while it has none. */
public class MutexStress {
    private static final SpinIo IO = new SpinIo();

    /** Two count under it. */
    @JCStressTest
    @Outcome(id = {"1, 2", "2, 1"}, expect = Expect.ACCEPTABLE, desc = "One after the other.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both at once, or without seeing each other.")
    @State
    public static class LockAgainstLock {
        private final BaseMutex mutex = new BaseMutex(IO);
        private int count;

        /** Counts. */
        @Actor
        public void one(II_Result result) {
            result.r1 = count();
        }

        /** Counts. */
        @Actor
        public void other(II_Result result) {
            result.r2 = count();
        }

        private int count() {
            mutex.lock();
            try {
                return ++count;
            } finally {
                mutex.unlock();
            }
        }
    }

    /** One that waits, or is about to, is asked to stop just before the mutex becomes free. */
    @JCStressTest
    @Outcome(id = {"locked, true", "canceled, true"}, expect = Expect.ACCEPTABLE, desc = "It is free afterwards.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "It was given to somebody who had left.")
    @State
    public static class LockAgainstCancelAndUnlock {
        private final BaseMutex mutex = new BaseMutex(IO);
        private final SpinFiber fiber = new SpinFiber();

        /** Somebody else holds it. */
        public LockAgainstCancelAndUnlock() {
            mutex.lockUncancelable(new SpinFiber());
        }

        /** Locks it and unlocks it. */
        @Actor
        public void lock(LZ_Result result) {
            IO.runsOn(fiber);
            try {
                mutex.lock();
                mutex.unlock();
                result.r1 = "locked";
            } catch (CanceledException canceled) {
                result.r1 = "canceled";
            }
        }

        /** Asks the other to stop, and unlocks it for the holder. */
        @Actor
        public void cancelAndUnlock() {
            fiber.requestCancel();
            mutex.release();
        }

        /** Looks whether it is free. */
        @Arbiter
        public void look(LZ_Result result) {
            result.r2 = mutex.tryLock();
        }
    }
}
