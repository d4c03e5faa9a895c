package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/**
 * A fiber that waits in a list, and leaves it when it is asked to stop, or when its {@code Io} is closed.
 *
 * <p>It is either taken out of the list by whoever has something for it, or takes itself out; the list's lock decides
 * which. So nothing is ever given to a fiber that has left, and nobody leaves with what was meant for another.
 */
class LeavingWaiter extends Waiter {
    private final Object lock;
    private final Object awaited;
    private boolean left;
    private volatile boolean refused;

    /** Written before it begins to wait. */
    private boolean cancelable;

    /**
     * A fiber that has not begun to wait, and has what it takes to do so.
     *
     * @param lock guards the list
     * @param awaited what is waited for, for people
     */
    LeavingWaiter(Fiber fiber, String operation, Object lock, Object awaited) {
        super(fiber, operation);
        this.lock = lock;
        this.awaited = awaited;
        fiber.requireRoomToWait();
    }

    /** Waits until it was taken out of the list, or has left it. */
    final void await(boolean newCancelable) {
        cancelable = newCancelable;
        try {
            if (newCancelable) {
                fiber().block(this);
            } else {
                fiber().blockUncancelable(this);
            }
        } catch (StackOverflowError | OutOfMemoryError shortage) {
            // Nothing must be given to it any more; and what was, is its own.
            cancel();
            if (left) {
                throw shortage;
            }
        }
    }

    /**
     * Ends the wait, because the {@code Io} is closed, and nobody might come any more. From any thread, once it is in
     * the list.
     */
    final void refuse() {
        refused = true;
        cancel();
    }

    /** Whether {@link #refuse()} may be called. */
    boolean isRefusable() {
        return true;
    }

    /** Whether a request to stop ends it. From any thread, while it waits. */
    final boolean isCancelable() {
        return cancelable && !fiber().isProtected();
    }

    /** Delivers the request to stop, or says that the {@code Io} is closed, if that is why the wait ended. */
    final void throwIfLeft() {
        if (left) {
            throw refused ? new IllegalStateException("the Io is closed") : fiber().canceled();
        }
    }

    /** Whether the fiber left the list by itself. Only for the fiber, after its wait. */
    final boolean left() {
        return left;
    }

    @Override
    public final void cancel() {
        synchronized (lock) {
            @Nullable WaitList own = list;
            if (own == null) {
                return;
            }
            own.remove(this);
            left = true;
            leaving();
        }
        signal();
    }

    /** Called when it has just left, with the lock. */
    void leaving() {}

    @Override
    public String toString() {
        return operation() + " " + awaited;
    }
}
