package dev.gyre.uring;

import dev.gyre.io.spi.Patience;
import dev.gyre.ring.RingException;
import dev.gyre.ring.RingOptions;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A loop is given something to run at the moment at which it has nothing else to do and falls asleep. It hears of it.
 * Each actor has a loop of its own, since otherwise the next one to wake it would make good for what it did not hear.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Each loop ran what it was given.")
@State
public class LoopThreadStress {
    private static final LoopThread ONE = open();
    private static final LoopThread OTHER = open();

    private final Piece one = new Piece();
    private final Piece other = new Piece();

    /** Lets its loop run something, and waits for it. */
    @Actor
    public void one(ZZ_Result result) {
        ONE.execute(one);
        Patience.await("the loop, which was to run something", () -> one.ran);
        result.r1 = one.ran;
    }

    /** Lets its loop run something, and waits for it. */
    @Actor
    public void other(ZZ_Result result) {
        OTHER.execute(other);
        Patience.await("the loop, which was to run something", () -> other.ran);
        result.r2 = other.ran;
    }

    private static LoopThread open() {
        LoopThread loop = new LoopThread(0, RingOptions.DEFAULT);
        try {
            loop.open();
        } catch (RingException refused) {
            throw new AssertionError("the ring was there a moment ago", refused);
        }
        return loop;
    }

    private static final class Piece implements Runnable {
        private volatile boolean ran;

        @Override
        public void run() {
            ran = true;
        }
    }
}
