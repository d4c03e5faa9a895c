package dev.gyre.threaded;

import dev.gyre.io.spi.InPlaceBlocker;
import java.util.concurrent.locks.LockSupport;

/** A fiber's wait for a time. Who wakes the fiber ends a suspension, but not the wait. */
final class Sleep implements InPlaceBlocker {
    private final long deadline;

    /** Written by the fiber itself. */
    private boolean canceled;

    /** Ends at {@code deadline} by {@code System.nanoTime}. */
    Sleep(long deadline) {
        this.deadline = deadline;
    }

    @Override
    public void suspend() {
        long left = deadline - System.nanoTime();
        if (left > 0) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** The fiber is unparked as well. */
    @Override
    public void interrupt() {}

    /** Whether the time is over. */
    boolean isOver() {
        return System.nanoTime() >= deadline;
    }

    @Override
    public boolean isDone() {
        return canceled || isOver();
    }

    @Override
    public void cancel() {
        canceled = true;
    }

    @Override
    public String operation() {
        return "sleep";
    }

    @Override
    public String toString() {
        return "sleep";
    }
}
