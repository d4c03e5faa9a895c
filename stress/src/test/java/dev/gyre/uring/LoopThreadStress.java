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

/** Two give a loop something to run, each time that it has nothing else to do and falls asleep. It hears of both. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "The loop ran both.")
@State
public class LoopThreadStress {
    private static final LoopThread LOOP = open();

    private final Piece one = new Piece();
    private final Piece other = new Piece();

    /** Lets the loop run the first, and waits for it. */
    @Actor
    public void one(ZZ_Result result) {
        LOOP.execute(one);
        Patience.await("the loop, which was to run something", () -> one.ran);
        result.r1 = one.ran;
    }

    /** Lets the loop run the second, and waits for it. */
    @Actor
    public void other(ZZ_Result result) {
        LOOP.execute(other);
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
