package dev.gyre.process;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Timeout;
import dev.gyre.io.spi.FiberAccess;
import dev.gyre.io.spi.SpinFiber;
import dev.gyre.io.spi.SpinIo;
import java.util.concurrent.TimeoutException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LZZ_Result;
import org.openjdk.jcstress.infra.results.LZ_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Whoever calls goes on, with the answer that came first and no other. */
public class CallStress {
    private static final FiberAccess ACCESS = FiberAccess.of(new SpinIo());

    private static String await(Call call) {
        return await(ACCESS, call);
    }

    private static String await(FiberAccess access, Call call) {
        try {
            return call.await(access, Timeout.NONE).toString();
        } catch (CallException ended) {
            return "ended";
        } catch (CanceledException canceled) {
            return "canceled";
        } catch (TimeoutException over) {
            return "over";
        }
    }

    /** The answer comes while the caller begins to wait. */
    @JCStressTest
    @Outcome(id = "a", expect = Expect.ACCEPTABLE, desc = "It has the answer.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "It waits for ever, or has something else.")
    @State
    public static class AnswerAgainstAwait {
        private final Call call = new Call(new Pid(1));

        /** Waits. */
        @Actor
        public void caller(L_Result result) {
            result.r1 = await(call);
        }

        /** Answers. */
        @Actor
        public void callee() {
            call.answer("a");
        }
    }

    /** Somebody answers while the process that was called ends. */
    @JCStressTest
    @Outcome(id = {"a, true", "ended, false"}, expect = Expect.ACCEPTABLE, desc = "All agree which was first.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Who has answered is told something else than who has called.")
    @State
    public static class AnswerAgainstEnd {
        private final Call call = new Call(new Pid(1));

        /** Looks what counts. */
        @Arbiter
        public void look(LZ_Result result) {
            result.r1 = await(call);
        }

        /** Answers. */
        @Actor
        public void other(LZ_Result result) {
            result.r2 = call.answer("a");
        }

        /** Ends. */
        @Actor
        public void callee() {
            call.ended(ExitReason.KILLED);
        }
    }

    /** Two answer. */
    @JCStressTest
    @Outcome(id = {"a, true, false", "b, false, true"}, expect = Expect.ACCEPTABLE, desc = "One counts.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both count, or none.")
    @State
    public static class TwoAnswers {
        private final Call call = new Call(new Pid(1));

        /** Looks what counts. */
        @Arbiter
        public void look(LZZ_Result result) {
            result.r1 = await(call);
        }

        /** Answers. */
        @Actor
        public void first(LZZ_Result result) {
            result.r2 = call.answer("a");
        }

        /** Answers. */
        @Actor
        public void second(LZZ_Result result) {
            result.r3 = call.answer("b");
        }
    }

    /** The time is over when the answer comes. */
    @JCStressTest
    @Outcome(id = {"a, true", "over, false"}, expect = Expect.ACCEPTABLE, desc = "All agree which was first.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "An answer counted that is lost, or the other way round.")
    @State
    public static class AnswerAgainstTime {
        private final Call call = new Call(new Pid(1));

        /** Looks what counts. */
        @Arbiter
        public void look(LZ_Result result) {
            result.r1 = await(call);
        }

        /** Answers. */
        @Actor
        public void callee(LZ_Result result) {
            result.r2 = call.answer("a");
        }

        /** Is over. */
        @Actor
        public void timer() {
            call.run();
        }
    }

    /** The caller is to stop. */
    @JCStressTest
    @Outcome(id = "canceled", expect = Expect.ACCEPTABLE, desc = "It goes on.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "It waits for ever, or has something else.")
    @State
    public static class CancelAgainstAwait {
        private final SpinIo io = new SpinIo();
        private final SpinFiber fiber = new SpinFiber();
        private final Call call = new Call(new Pid(1));

        /** Waits. */
        @Actor
        public void caller(L_Result result) {
            io.runsOn(fiber);
            result.r1 = await(FiberAccess.of(io), call);
        }

        /** Tells it to stop. */
        @Actor
        public void canceller() {
            fiber.requestCancel();
        }
    }
}
