package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/** A fiber that waits for a signal from another one. */
class Waiter implements Blocker {
    private final Fiber fiber;
    private final String operation;
    private volatile boolean signaled;

    // The list that it waits in, and its place there; all guarded by the list's lock.
    @Nullable WaitList list;

    @Nullable Waiter previous;

    @Nullable Waiter next;

    Waiter(Fiber fiber, String operation) {
        this.fiber = fiber;
        this.operation = operation;
    }

    final Fiber fiber() {
        return fiber;
    }

    /** Lets the fiber go on. */
    void signal() {
        signaled = true;
        fiber.unpark();
    }

    @Override
    public final boolean isDone() {
        return signaled;
    }

    @Override
    public boolean needsOthers() {
        return true;
    }

    @Override
    public void cancel() {}

    @Override
    public final String operation() {
        return operation;
    }
}
