package dev.gyre.uring;

import dev.gyre.io.spi.SpinFiber;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Nothing that arrives is missed by who waits for arrivals. */
public class ReadinessStress {
    /** A reader waits for two arrivals, and maybe uses its wait again. */
    @JCStressTest
    @Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Both were seen.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A wait was over before its arrival.")
    @State
    public static class ArrivalsAgainstWaits {
        private final Readiness readiness = readiness();
        private final SpinFiber fiber = new SpinFiber();

        /** Two arrivals. */
        @Actor
        public void arrive() {
            readiness.arrived();
            readiness.arrived();
        }

        /** Waits until both have been there. */
        @Actor
        public void read(I_Result result) {
            int seen = 0;
            while (seen < 2) {
                if (readiness.await(fiber, seen) < 0) {
                    return;
                }
                seen = readiness.arrivals();
            }
            result.r1 = seen;
        }
    }

    /** Two readers wait for one arrival. */
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "It was seen.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The wait was over before.")
    @State
    public static class WaitAgainstWait {
        private final Readiness readiness = readiness();

        /** Waits. */
        @Actor
        public void one(I_Result result) {
            result.r1 = readiness.await(new SpinFiber(), 0);
        }

        /** Is there when the other one waits, too, and lets both go on. */
        @Actor
        public void other() {
            SpinFiber fiber = new SpinFiber();
            fiber.requestCancel();
            readiness.await(fiber, 0);
            readiness.arrived();
        }
    }

    /** A reader is asked to stop while nothing arrives. */
    @JCStressTest
    @Outcome(id = "-125", expect = Expect.ACCEPTABLE, desc = "ECANCELED.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Something else ended it.")
    @State
    public static class CancelAgainstWait {
        private final Readiness readiness = readiness();
        private final SpinFiber fiber = new SpinFiber();

        /** Waits. */
        @Actor
        public void read(I_Result result) {
            result.r1 = readiness.await(fiber, 0);
        }

        /** Asks it to stop. */
        @Actor
        public void cancel() {
            fiber.requestCancel();
        }
    }

    /** Of a connection that nobody watches: the actors let things arrive. */
    private static Readiness readiness() {
        return new Readiness(null, null);
    }
}
