package dev.gyre.threaded;

import dev.gyre.io.spi.Fiber;
import java.util.concurrent.locks.LockSupport;

/** A fiber's wait for a time. */
final class Sleep extends Waiting {
    private final Fiber fiber;
    private final long deadline;
    private volatile boolean canceled;

    /** Ends at {@code deadline} by {@code System.nanoTime}. */
    Sleep(Fiber fiber, long deadline) {
        this.fiber = fiber;
        this.deadline = deadline;
    }

    @Override
    void suspend() {
        long left = deadline - System.nanoTime();
        if (left > 0) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** Whether the time is over. */
    boolean isOver() {
        return System.nanoTime() >= deadline;
    }

    @Override
    public boolean isDone() {
        return canceled || isOver();
    }

    @Override
    public String operation() {
        return "sleep";
    }

    @Override
    public void cancel() {
        canceled = true;
        fiber.unpark();
    }
}
