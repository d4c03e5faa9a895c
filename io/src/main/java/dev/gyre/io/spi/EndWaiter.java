package dev.gyre.io.spi;

/**
 * A fiber that waits for the end of a task, or of all members of a group.
 *
 * <p>Where what it waits for in turn waits for its own end, be it by way of others, none of them would ever go on. Each
 * says what it waits for before it looks at the others, so the one that closes the circle sees that. It does not begin
 * to wait; or, if it has to, one of the others gives way that does not.
 */
class EndWaiter extends Waiter {
    private final Object awaited;
    private volatile boolean givesWay;

    /**
     * A fiber that has not begun to wait.
     *
     * @param operation what it does, for people
     * @param awaited a {@link BaseTask} or a {@link BaseGroup}
     */
    EndWaiter(Fiber fiber, String operation, Object awaited) {
        super(fiber, operation);
        this.awaited = awaited;
    }

    /** What it waits for: a {@link BaseTask} or a {@link BaseGroup}. */
    final Object awaited() {
        return awaited;
    }

    /** Whether it may end without what it waits for. */
    boolean mayGiveWay() {
        return false;
    }

    /** Lets the fiber go on without what it waits for. From any thread. */
    final void giveWay() {
        givesWay = true;
        signal();
    }

    /**
     * Waits, once it is where those are that are signaled.
     *
     * @return false if that ended early, or did not begin, because what it waits for waits for this fiber's end
     */
    final boolean await() {
        fiber().announce(this);
        WaitCircle circle = WaitCircle.closedBy(this);
        if (circle != null) {
            EndWaiter yielding = circle.yielding();
            if (mayGiveWay() || yielding == null) {
                fiber().renounce();
                return false;
            }
            yielding.giveWay();
        }
        block();
        return !givesWay;
    }

    /** Waits, whoever asks the fiber to stop. */
    void block() {
        fiber().blockUncancelable(this);
    }

    @Override
    public String toString() {
        return operation() + " " + awaited;
    }
}
