package dev.gyre.host;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Nothing is lent to two at the same time. */
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "Each has its own.")
@Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "Both have the same.")
@State
public class ScratchStress {
    private Scratch one;
    private Scratch other;

    /** Gives one back and borrows one. */
    @Actor
    public void one() {
        Scratch.borrow().close();
        one = Scratch.borrow();
    }

    /** Gives one back and borrows one. */
    @Actor
    public void other() {
        Scratch.borrow().close();
        other = Scratch.borrow();
    }

    /** Gives both back. */
    @Arbiter
    public void compare(Z_Result result) {
        result.r1 = one != other;
        one.close();
        other.close();
    }
}
