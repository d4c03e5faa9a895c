package dev.gyre.io.spi;

/** A scope with a limit of time, see {@link dev.gyre.io.Tasks#within}. */
final class TimeLimit extends Scope {
    private final BaseIo io;
    private final long deadline;

    TimeLimit(BaseIo io, Fiber fiber, long deadline) {
        super(fiber);
        this.io = io;
        this.deadline = deadline;
    }

    /** Whoever computes for long may come here before the timer has. */
    @Override
    boolean isOver() {
        return super.isOver() || io.nanoTime() >= deadline;
    }
}
