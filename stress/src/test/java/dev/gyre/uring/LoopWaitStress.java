package dev.gyre.uring;

import dev.gyre.io.spi.SpinFiber;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** A fiber that sees its wait over sees what the loop wrote before. */
@JCStressTest
@Outcome(id = {"false, 0", "false, 1"}, expect = Expect.ACCEPTABLE, desc = "Not over yet.")
@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "Over, and what came before is there.")
@Outcome(id = "true, 0", expect = Expect.FORBIDDEN, desc = "Over, and what came before is missing.")
@State
public class LoopWaitStress {
    private final Wait wait = new Wait();
    private int written;

    /** Begins the wait. */
    public LoopWaitStress() {
        wait.prepare(new SpinFiber());
    }

    /** Writes and ends the wait. */
    @Actor
    public void finish() {
        written = 1;
        wait.finish(0);
    }

    /** Looks whether it is over, and reads. */
    @Actor
    public void look(ZI_Result result) {
        result.r1 = wait.isDone();
        result.r2 = written;
    }

    private static final class Wait extends LoopWait {
        @Override
        LoopThread loop() {
            throw new UnsupportedOperationException("nobody asks");
        }

        @Override
        void start() {}

        @Override
        public void cancel() {}

        @Override
        public String operation() {
            return "wait";
        }
    }
}
