package dev.gyre.io.spi;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A request to stop finds what a fiber is blocked on, and never what it has left. */
public class FiberStress {
    /** A fiber begins to wait for something that only ends when it is told to. */
    @JCStressTest
    @Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "It was told, and the request is there to be delivered.")
    @Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "It was told, and the request is gone.")
    @State
    public static class CancelAgainstBlock {
        private final SpinFiber fiber = new SpinFiber();
        private final Told blocker = new Told(fiber);

        /** Waits. */
        @Actor
        public void fiber(Z_Result result) {
            fiber.block(blocker);
            result.r1 = fiber.cancelPending();
        }

        /** Asks it to stop. */
        @Actor
        public void canceller() {
            fiber.requestCancel();
        }
    }

    /** A fiber goes on because what it waits for is done. */
    @JCStressTest
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "The request waits; what was left was left alone.")
    @Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "Something was told after the fiber had left it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The request is gone.")
    @State
    public static class CancelAgainstLeave {
        private final SpinFiber fiber = new SpinFiber();
        private final Ended blocker = new Ended();

        /** Waits for nothing, and goes on. */
        @Actor
        public void fiber() {
            fiber.block(blocker);
            blocker.left = true;
        }

        /** Asks it to stop. */
        @Actor
        public void canceller() {
            fiber.requestCancel();
        }

        /** Looks at what is left. */
        @Arbiter
        public void look(ZZ_Result result) {
            result.r1 = fiber.cancelPending();
            result.r2 = blocker.toldLate;
        }
    }

    /** A fiber begins to wait in something of its own while somebody wakes it. */
    @JCStressTest
    @Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "It looked again.")
    @Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "It waits, and nobody wakes it.")
    @State
    public static class WakeAgainstSuspend {
        private final ThreadFiber fiber = new ThreadFiber(Thread.currentThread());
        private final Interruptible blocker = new Interruptible();

        /** Waits. */
        @Actor
        public void fiber(Z_Result result) {
            fiber.suspend(blocker);
            result.r1 = true;
        }

        /** Wakes it. */
        @Actor
        public void waker() {
            fiber.wake();
        }
    }

    /** What is waited in until it is interrupted. */
    private static final class Interruptible implements InPlaceBlocker {
        private volatile boolean interrupted;

        @Override
        public void suspend() {
            Patience.await("an interrupt", () -> interrupted);
        }

        @Override
        public void interrupt() {
            interrupted = true;
        }

        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public void cancel() {}

        @Override
        public String operation() {
            return "wait";
        }
    }

    /** What ends when it is told to. */
    private static final class Told implements Blocker {
        private final Fiber fiber;
        private volatile boolean told;

        Told(Fiber fiber) {
            this.fiber = fiber;
        }

        @Override
        public boolean isDone() {
            return told;
        }

        @Override
        public void cancel() {
            told = true;
            fiber.unpark();
        }

        @Override
        public String operation() {
            return "told";
        }
    }

    /** What has ended, and is not to be told anything when the fiber has gone on. */
    private static final class Ended implements Blocker {
        private volatile boolean left;
        private volatile boolean toldLate;

        @Override
        public boolean isDone() {
            return true;
        }

        @Override
        public void cancel() {
            Thread.onSpinWait();
            if (left) {
                toldLate = true;
            }
        }

        @Override
        public String operation() {
            return "ended";
        }
    }
}
