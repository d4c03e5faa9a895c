package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** Signals reach those that wait, with what was written before. */
public class WaiterStress {
    /** Something is written before the signal, and read after it. */
    @JCStressTest
    @Outcome(id = {"false, 0", "false, 1"}, expect = Expect.ACCEPTABLE, desc = "Not signaled yet.")
    @Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "Signaled, and what came before is there.")
    @Outcome(id = "true, 0", expect = Expect.FORBIDDEN, desc = "Signaled, and what came before is missing.")
    @State
    public static class Publication {
        private final Waiter waiter = new Waiter(new SpinFiber(), "publication");
        private int written;

        /** Writes and signals. */
        @Actor
        public void signal() {
            written = 1;
            waiter.signal();
        }

        /** Looks for the signal and reads. */
        @Actor
        public void look(ZI_Result result) {
            result.r1 = waiter.isDone();
            result.r2 = written;
        }
    }

    /** One of two that wait leaves the list while somebody takes out all, and signals them without the lock. */
    @JCStressTest
    @Outcome(id = {"true, true, true", "false, true, true"}, expect = Expect.ACCEPTABLE, desc = "Both go on.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One was lost between the list and the chain.")
    @State
    public static class LeaveAgainstSignal {
        private final Object lock = new Object();
        private final WaitList list = new WaitList();
        private final LeavingWaiter leaving = new LeavingWaiter(new SpinFiber(), "leave", lock, "a signal");
        private final LeavingWaiter staying = new LeavingWaiter(new SpinFiber(), "stay", lock, "a signal");

        /** Both wait. */
        public LeaveAgainstSignal() {
            list.add(leaving);
            list.add(staying);
        }

        /** Tells the first to leave. */
        @Actor
        public void cancel() {
            leaving.cancel();
        }

        /** Signals all. */
        @Actor
        public void signalAll() {
            @Nullable Waiter chain;
            synchronized (lock) {
                chain = list.removeAll();
            }
            WaitList.signalAll(chain);
        }

        /** Looks who goes on. */
        @Arbiter
        public void look(ZZZ_Result result) {
            result.r1 = leaving.left();
            result.r2 = leaving.isDone();
            result.r3 = staying.isDone();
        }
    }

    /** A request to stop is passed on to what is waited for, which ends by it. */
    @JCStressTest
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "It was passed on, and stays.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "It was not passed on.")
    @State
    public static class PassOn {
        private final SpinFiber fiber = new SpinFiber();
        private final PassingWaiter waiter = new PassingWaiter(fiber, "a task", this::end);
        private volatile boolean passedOn;

        /** Waits. */
        @Actor
        public void fiber() {
            fiber.block(waiter);
        }

        /** Asks it to stop. */
        @Actor
        public void canceller() {
            fiber.requestCancel();
        }

        /** Looks at what is left of the request. */
        @Arbiter
        public void look(ZZ_Result result) {
            result.r1 = passedOn;
            result.r2 = fiber.cancelPending();
        }

        private void end() {
            passedOn = true;
            waiter.signal();
        }
    }
}
