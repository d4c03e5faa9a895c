package dev.gyre.uring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** What is put into a loop's queue is not slept over, and not left behind at the end. */
public class LoopQueueStress {
    private static void task() {}

    /** The owner goes to sleep while something comes. */
    @JCStressTest
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "It sleeps and is woken.")
    @Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "It saw what came.")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Both saw the other.")
    @Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "It sleeps, and nobody wakes it.")
    @State
    public static class SleepAgainstAdd {
        private final LoopQueue queue = new LoopQueue();

        /** Goes to sleep. */
        @Actor
        public void sleep(ZZ_Result result) {
            result.r1 = queue.beginSleep();
        }

        /** Adds. */
        @Actor
        public void add(ZZ_Result result) {
            result.r2 = queue.add(LoopQueueStress::task);
        }
    }

    /** The owner wakes up by itself and goes to sleep again while something comes. */
    @JCStressTest
    @Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "It sleeps, and nobody wakes it.")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "It saw what came, or is woken.")
    @State
    public static class SleepAgainAgainstAdd {
        private final LoopQueue queue = new LoopQueue();

        /** It sleeps. */
        public SleepAgainAgainstAdd() {
            queue.beginSleep();
        }

        /** Wakes up, looks, and goes to sleep again; was it told anything, it is not asleep. */
        @Actor
        public void sleepAgain(ZZ_Result result) {
            queue.endSleep();
            boolean told = queue.poll() != null;
            result.r1 = !told && queue.beginSleep();
        }

        /** Adds. */
        @Actor
        public void add(ZZ_Result result) {
            result.r2 = queue.add(LoopQueueStress::task);
        }
    }

    /** The owner ends while something comes. */
    @JCStressTest
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "It was left behind, and nobody knows.")
    @Outcome(expect = Expect.ACCEPTABLE, desc = "The owner took it, or the sender knows that it is too late.")
    @State
    public static class CloseAgainstAdd {
        private final LoopQueue queue = new LoopQueue();

        /** Ends, and looks once more. */
        @Actor
        public void close(ZZ_Result result) {
            queue.close();
            result.r1 = queue.poll() != null;
        }

        /** Adds, and looks whether the owner has ended. */
        @Actor
        public void add(ZZ_Result result) {
            queue.add(LoopQueueStress::task);
            result.r2 = queue.isClosed();
        }
    }
}
