package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/** A scope with a limit of time, see {@link dev.gyre.io.Tasks#within}. */
final class TimeLimit {
    private final BaseIo io;
    private final Fiber fiber;

    /** The scope around it. */
    final @Nullable TimeLimit outer;

    /** In how many protected regions it was entered: in further ones it has no effect. */
    final int protection;

    private final long deadline;

    /** Whether its time is known to be over. */
    private volatile boolean over;

    TimeLimit(BaseIo io, Fiber fiber, @Nullable TimeLimit outer, int protection, long deadline) {
        this.io = io;
        this.fiber = fiber;
        this.outer = outer;
        this.protection = protection;
        this.deadline = deadline;
    }

    /** Whether its time is over. On the fiber's thread, which may not have waited since then. */
    boolean isOver() {
        if (!over && io.nanoTime() >= deadline) {
            over = true;
        }
        return over;
    }

    /** The time is over. From any thread. */
    void expire() {
        over = true;
        fiber.wake();
    }
}
