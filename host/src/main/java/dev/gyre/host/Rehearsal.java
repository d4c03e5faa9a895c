package dev.gyre.host;

import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import java.time.Duration;

/**
 * The first task of an {@link Io}, which waits a moment and fails, and its caller, which waits as well. A class that is
 * initialized where too little is left of a stack, or no memory, cannot be used any more by anybody. So what every
 * program goes through is gone through here.
 */
public final class Rehearsal {
    private Rehearsal() {}

    /**
     * Runs it to its end, by a thread that is no task. An interrupt of that thread waits.
     *
     * @param io just opened
     */
    public static void run(Io io) {
        BounceBuffer.borrow(1).close();
        IoException failure = io.<IoException, RuntimeException>protect(() -> rehearse(io));
        if (failure.reason() != Reason.PROCESS_FD_LIMIT) {
            throw new AssertionError("a task ends with what it throws", failure);
        }
    }

    private static IoException rehearse(Io io) {
        Task<Object, IoException> task = io.async(() -> {
            io.sleep(Duration.ofNanos(1));
            throw Operation.ACCEPT.failure(Reason.PROCESS_FD_LIMIT, "nothing");
        });
        io.sleep(Duration.ofNanos(1));
        try {
            throw new AssertionError("a task that throws ended with " + task.await());
        } catch (IoException expected) {
            return expected;
        }
    }
}
