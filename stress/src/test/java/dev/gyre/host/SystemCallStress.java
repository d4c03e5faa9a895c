package dev.gyre.host;

import dev.gyre.io.spi.ThreadFiber;
import dev.gyre.linux.Events;
import dev.gyre.linux.layout.Timespec;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A request to stop ends the system call that a fiber is in, and none that its thread makes later. */
public class SystemCallStress {
    private static final long SHORT_NANOS = 20_000;
    private static final long LONG_NANOS = 10_000_000_000L;

    /** Without the request, the call would take far too long. */
    @JCStressTest
    @Outcome(id = "-4, 0", expect = Expect.ACCEPTABLE, desc = "EINTR, and the next call is left alone.")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "The request was lost.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The next call was interrupted.")
    @State
    public static class CancelAgainstEntering {
        private final ThreadFiber fiber = new ThreadFiber(Thread.currentThread());

        /** Calls, and calls again. */
        @Actor
        public void call(JJ_Result result) {
            result.r1 = run(fiber, LONG_NANOS);
            result.r2 = pause(SHORT_NANOS);
        }

        /** Asks the fiber to stop. */
        @Actor
        public void cancel() {
            fiber.requestCancel();
        }
    }

    /** The call ends by itself at about that time. */
    @JCStressTest
    @Outcome(id = {"0, 0", "-4, 0"}, expect = Expect.ACCEPTABLE, desc = "Whichever was first.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The next call was interrupted.")
    @State
    public static class CancelAgainstLeaving {
        private final ThreadFiber fiber = new ThreadFiber(Thread.currentThread());

        /** Calls, and calls again. */
        @Actor
        public void call(JJ_Result result) {
            result.r1 = run(fiber, SHORT_NANOS);
            result.r2 = pause(SHORT_NANOS);
        }

        /** Asks the fiber to stop when its call is about to end. */
        @Actor
        public void cancel() {
            pause(SHORT_NANOS);
            fiber.requestCancel();
        }
    }

    /** Waits in a call that a request to stop ends. */
    private static long run(ThreadFiber fiber, long nanos) {
        return new BlockingCalls(Runnable::run).make(fiber, "pause", "for a moment", () -> pause(nanos));
    }

    private static long pause(long nanos) {
        MemorySegment time = NativeThread.current().argument();
        Timespec.set(time, nanos);
        return Events.ppoll(MemorySegment.NULL, 0, time);
    }
}
