package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/**
 * The waits for something that another thread may close meanwhile, where the kernel does not end them by itself, as for
 * a pipe. Closing ends them as a request to stop would, also in protected regions; whoever waited then sees that it is
 * closed.
 *
 * <p>A wait begins before its owner looks whether the thing is closing, and {@link #end()} is called after it is: so
 * none is missed. Any thread may call.
 */
public final class OpenWaits {
    private @Nullable Wait first;

    /** Nobody waits. */
    public OpenWaits() {}

    /**
     * Begins one, in which the fiber may block.
     *
     * @param fiber the calling one
     * @return to be closed by the same fiber
     */
    public Wait begin(Fiber fiber) {
        Wait wait = new Wait(fiber);
        synchronized (this) {
            wait.next = first;
            if (first != null) {
                first.previous = wait;
            }
            first = wait;
        }
        fiber.enter(wait);
        return wait;
    }

    /** Ends all that have begun. */
    public synchronized void end() {
        for (Wait each = first; each != null; each = each.next) {
            each.end();
        }
    }

    private synchronized void remove(Wait wait) {
        if (wait.previous == null) {
            first = wait.next;
        } else {
            wait.previous.next = wait.next;
        }
        if (wait.next != null) {
            wait.next.previous = wait.previous;
        }
    }

    /** One of them. */
    public final class Wait extends Scope implements AutoCloseable {
        private final Fiber fiber;

        // Guarded by the lock of the waits.
        private @Nullable Wait previous;
        private @Nullable Wait next;

        private Wait(Fiber fiber) {
            super(fiber);
            this.fiber = fiber;
        }

        /** The fiber waits no more. */
        @Override
        public void close() {
            fiber.leave(this);
            remove(this);
        }
    }
}
