package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/** A fiber that waits for a signal from another one. */
class Waiter extends Blocker {
    private final Fiber fiber;
    private volatile boolean signaled;

    /** The next in the list that it waits in; guarded by the list's lock. */
    @Nullable Waiter next;

    Waiter(Fiber fiber) {
        this.fiber = fiber;
    }

    final void signal() {
        signaled = true;
        fiber.unpark();
    }

    @Override
    public final boolean isDone() {
        return signaled;
    }

    @Override
    public void cancel() {}
}
