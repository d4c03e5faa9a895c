package dev.gyre.io.spi;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A foreign thread begins to wait while the {@code Io} closes. Each writes before it looks, so one sees the other. */
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "It was asked to stop.")
@State
public class ForeignWaitersStress {
    private final ForeignWaiters waiters = new ForeignWaiters();
    private final SpinFiber fiber = new SpinFiber();

    /** Waits until it is asked to stop. */
    @Actor
    public void wait(Z_Result result) {
        Waiter waiter = new Waiter(fiber, "wait");
        waiters.whileWaiting(fiber, waiter, () -> Patience.await("a request to stop", fiber::cancelPending));
        result.r1 = fiber.cancelPending();
    }

    /** Asks all to stop, and waits for them. */
    @Actor
    public void stop() {
        waiters.stop();
    }
}
