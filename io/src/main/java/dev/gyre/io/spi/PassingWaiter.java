package dev.gyre.io.spi;

import java.util.function.BooleanSupplier;

/** A fiber that waits for tasks, and passes a request to stop on to them. */
final class PassingWaiter extends Waiter {
    private final BooleanSupplier target;
    private final Object awaited;
    private boolean passed;

    /**
     * A fiber that has not begun to wait.
     *
     * @param awaited what is waited for, for people
     * @param target passes a request on, and answers whether there was anybody to pass it on to
     */
    PassingWaiter(Fiber fiber, Object awaited, BooleanSupplier target) {
        super(fiber, "await");
        this.awaited = awaited;
        this.target = target;
    }

    @Override
    public void cancel() {
        passed |= target.getAsBoolean();
    }

    /** Takes a request that was passed on as delivered; one that came too late for that still waits. */
    void consumeIfPassed() {
        if (passed) {
            fiber().consumeIfPending();
        }
    }

    @Override
    public String toString() {
        return operation() + " " + awaited;
    }
}
