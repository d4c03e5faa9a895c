package dev.gyre.io.spi;

import java.util.function.BooleanSupplier;

/** A fiber that waits for tasks, and passes a request to stop on to them. */
final class PassingWaiter extends Waiter {
    private final Fiber fiber;
    private final BooleanSupplier target;
    private boolean passed;

    /** Passes on by {@code target}, which answers whether there was anybody to pass it on to. */
    PassingWaiter(Fiber fiber, BooleanSupplier target) {
        super(fiber);
        this.fiber = fiber;
        this.target = target;
    }

    @Override
    public void cancel() {
        passed |= target.getAsBoolean();
    }

    /** Takes a request that was passed on as delivered; one that came too late for that still waits. */
    void consumeIfPassed() {
        if (passed) {
            fiber.consumeIfPending();
        }
    }
}
