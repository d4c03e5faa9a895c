package dev.gyre.io.spi;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Who has awaited a reset event sees what was written before it was set, whether it had to wait or not. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "What came before is there.")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "What came before is missing.")
@State
public class ResetEventStress {
    private static final SpinIo IO = new SpinIo();

    private final BaseResetEvent event = new BaseResetEvent(IO);
    private int written;

    /** Writes and sets it. */
    @Actor
    public void set() {
        written = 1;
        event.set();
    }

    /** Awaits it and reads. */
    @Actor
    public void await(I_Result result) {
        event.await();
        result.r1 = written;
    }
}
