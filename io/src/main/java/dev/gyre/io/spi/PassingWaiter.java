package dev.gyre.io.spi;

/** A fiber that waits for tasks, and passes a request to stop on to them. */
final class PassingWaiter extends EndWaiter {
    private final Runnable target;

    /**
     * A fiber that has not begun to wait.
     *
     * @param awaited a {@link BaseTask} or a {@link BaseGroup}
     * @param target passes a request on
     */
    PassingWaiter(Fiber fiber, Object awaited, Runnable target) {
        super(fiber, "await", awaited);
        this.target = target;
    }

    @Override
    boolean mayGiveWay() {
        return true;
    }

    @Override
    void block() {
        fiber().block(this);
    }

    /** What the fiber throws that does not wait. */
    RuntimeException refusal() {
        return fiber().cancelPending()
                ? fiber().canceled()
                : new IllegalStateException("what is awaited waits for the end of this task: they would wait for each"
                        + " other; " + awaited());
    }

    @Override
    public void cancel() {
        target.run();
    }
}
