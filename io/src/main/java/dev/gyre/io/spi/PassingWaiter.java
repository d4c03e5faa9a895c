package dev.gyre.io.spi;

/** A fiber that waits for tasks, and passes a request to stop on to them. */
final class PassingWaiter extends Waiter {
    private final Runnable target;
    private final Object awaited;

    /**
     * A fiber that has not begun to wait.
     *
     * @param awaited what is waited for, for people
     * @param target passes a request on
     */
    PassingWaiter(Fiber fiber, Object awaited, Runnable target) {
        super(fiber, "await");
        this.awaited = awaited;
        this.target = target;
    }

    @Override
    public void cancel() {
        target.run();
    }

    @Override
    public String toString() {
        return operation() + " " + awaited;
    }
}
