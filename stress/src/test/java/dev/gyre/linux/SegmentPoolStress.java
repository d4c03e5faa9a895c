package dev.gyre.linux;

import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Nothing is lent to two at the same time, wherever it was before. */
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "Each has its own.")
@Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "Both have the same.")
@State
public class SegmentPoolStress {
    private MemorySegment one;
    private MemorySegment other;

    /** Gives one back and borrows one. */
    @Actor
    public void one() {
        SegmentPool.ARGUMENTS.giveBack(SegmentPool.ARGUMENTS.borrow());
        one = SegmentPool.ARGUMENTS.borrow();
    }

    /** Gives one back and borrows one. */
    @Actor
    public void other() {
        SegmentPool.ARGUMENTS.giveBack(SegmentPool.ARGUMENTS.borrow());
        other = SegmentPool.ARGUMENTS.borrow();
    }

    /** Gives both back, on a thread that may be neither's. */
    @Arbiter
    public void compare(Z_Result result) {
        result.r1 = one.address() != other.address();
        SegmentPool.ARGUMENTS.giveBack(one);
        SegmentPool.ARGUMENTS.giveBack(other);
    }
}
