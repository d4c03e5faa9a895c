package dev.gyre.io.spi;

import dev.gyre.io.Body;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A group gets its first task while the {@code Io} closes. Each writes before it looks, so one sees the other. */
@JCStressTest
@Outcome(id = "refused", expect = Expect.ACCEPTABLE, desc = "The Io was closed.")
@Outcome(id = "asked", expect = Expect.ACCEPTABLE, desc = "The task runs, and is asked to stop.")
@State
public class CloseStress {
    private final SpinIo io = new SpinIo();
    private final BaseGroup<RuntimeException> group = BaseGroup.failingTogether(io, 1);
    private final Body<Object, RuntimeException> body = Object::new;
    private final BaseTask<Object, RuntimeException> task = new BaseTask<>(group, body);
    private final SpinFiber fiber = new SpinFiber();

    /** Adds the task, which runs until it is asked to stop. */
    @Actor
    public void add(L_Result result) {
        task.runsOn(fiber);
        try {
            group.add(task);
        } catch (IllegalStateException closed) {
            result.r1 = "refused";
            return;
        }
        Patience.await("a request to stop", fiber::cancelPending);
        task.run();
        result.r1 = "asked";
    }

    /** Asks all to stop, and waits for them. */
    @Actor
    public void close() {
        io.endTasks();
    }
}
