package dev.gyre.process;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import org.jspecify.annotations.Nullable;

/** A thread that waits for the end of a process. */
final class EndWait implements Blocker {
    private final ControlBlock process;
    private final Fiber fiber;
    private volatile @Nullable ExitReason reason;
    private volatile boolean canceled;

    EndWait(ControlBlock process, Fiber fiber) {
        this.process = process;
        this.fiber = fiber;
    }

    /** The process has ended. */
    void ended(ExitReason newReason) {
        reason = newReason;
        fiber.unpark();
    }

    /** Waits. */
    ExitReason await() {
        fiber.block(this);
        ExitReason ended = reason;
        if (ended == null) {
            process.relations().remove(this);
            throw fiber.canceled();
        }
        return ended;
    }

    @Override
    public boolean isDone() {
        return reason != null || canceled;
    }

    @Override
    public String operation() {
        return "await";
    }

    @Override
    public boolean needsOthers() {
        return true;
    }

    @Override
    public void cancel() {
        canceled = true;
    }

    @Override
    public String toString() {
        return "await the end of process " + process.pid;
    }
}
