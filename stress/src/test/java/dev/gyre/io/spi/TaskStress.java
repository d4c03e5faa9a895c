package dev.gyre.io.spi;

import dev.gyre.io.Body;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The end of a task is seen by whoever waits for it, with its result. */
public class TaskStress {
    private static final SpinIo IO = new SpinIo();
    private static final AtomicLong GROUPS = new AtomicLong();

    /** One begins to wait while the task ends. */
    @JCStressTest
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "It waits, and was signaled.")
    @Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "The end was there.")
    @Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "It waits for ever.")
    @State
    public static class EndAgainstWait {
        private final BaseTask<Integer, RuntimeException> task = task();
        private final Waiter waiter = new Waiter(new SpinFiber(), "await");
        private boolean waits;

        /** Runs the task. */
        @Actor
        public void end() {
            task.run();
        }

        /** Begins to wait. */
        @Actor
        public void await() {
            waits = task.enlist(waiter);
        }

        /** Looks whether it was signaled. */
        @Arbiter
        public void look(ZZ_Result result) {
            result.r1 = waits;
            result.r2 = waiter.isDone();
        }
    }

    /** One awaits the task while it ends, be it early or late. */
    @JCStressTest
    @Outcome(id = "42", expect = Expect.ACCEPTABLE, desc = "The result is there.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The end is there, and not the result.")
    @State
    public static class Result {
        private final BaseTask<Integer, RuntimeException> task = task();

        /** Runs the task. */
        @Actor
        public void end() {
            task.run();
        }

        /** Awaits the task. */
        @Actor
        public void await(I_Result result) {
            result.r1 = task.await();
        }
    }

    /** One selects among two tasks while one of them ends. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "It is the one that ended.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "It is the one that runs.")
    @State
    public static class EndAgainstSelect {
        private final BaseTask<Integer, RuntimeException> running = task();
        private final BaseTask<Integer, RuntimeException> ending = task();

        /** Runs the second task. */
        @Actor
        public void end() {
            ending.run();
        }

        /** Selects among both. */
        @Actor
        public void select(I_Result result) {
            result.r1 = IO.select(List.of(running, ending));
        }

        /** Ends the first task too, so that its group is forgotten. */
        @Arbiter
        public void tidy() {
            running.run();
        }
    }

    /** A task of a group of its own. */
    private static BaseTask<Integer, RuntimeException> task() {
        BaseGroup<RuntimeException> group = BaseGroup.failingApart(IO, GROUPS.incrementAndGet(), _ -> {});
        Body<Integer, RuntimeException> body = () -> 42;
        BaseTask<Integer, RuntimeException> task = new BaseTask<>(group, body);
        group.add(task);
        return task;
    }
}
