package dev.gyre.uring;

import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;

/** The wait for a time of a fiber that no loop carries: a timer of some loop, to which everything has to be told. */
final class RemoteSleep extends LoopWait {
    private final LoopThread loop;
    private final long deadline;

    private final Timer timer = new Timer() {
        @Override
        void fire() {
            finish(0);
        }
    };

    private RemoteSleep(LoopThread loop, long deadline) {
        this.loop = loop;
        this.deadline = Math.min(deadline, Timer.NEVER - 1);
    }

    /** Lets {@code fiber}, which is the calling one, sleep. False if it was asked to stop before its time. */
    static boolean until(long deadline, Fiber fiber, LoopThread loop) {
        RemoteSleep sleep = new RemoteSleep(loop, deadline);
        sleep.prepare(fiber);
        fiber.block(sleep);
        if (sleep.result() == 0) {
            return true;
        }
        fiber.throwShortage();
        return false;
    }

    @Override
    LoopThread loop() {
        return loop;
    }

    @Override
    void start() {
        loop.timers().set(timer, deadline);
    }

    @Override
    public void cancel() {
        if (hasBegun()) {
            loop.post(this::cancelHere);
        } else {
            finish(-Errno.ECANCELED.code());
        }
    }

    /** After {@link #start}, and maybe after the end. */
    private void cancelHere() {
        if (!isDone()) {
            loop.timers().remove(timer);
            finish(-Errno.ECANCELED.code());
        }
    }

    @Override
    public String operation() {
        return "sleep";
    }

    @Override
    public String toString() {
        return operation();
    }
}
