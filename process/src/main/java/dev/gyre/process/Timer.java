package dev.gyre.process;

import org.jspecify.annotations.Nullable;

/** A message that will be sent ({@link Processes#sendAfter}). */
public final class Timer {
    private final @Nullable Delivery delivery;

    Timer(@Nullable Delivery delivery) {
        this.delivery = delivery;
    }

    /**
     * Calls it off. From any thread.
     *
     * @return true if the message will not be sent; false if it was, or if the process has ended, or if this was called
     *     before. A message that was sent may still be in the mailbox
     */
    public boolean cancel() {
        return delivery != null && delivery.cancel();
    }
}
