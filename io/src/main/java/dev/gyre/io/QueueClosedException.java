package dev.gyre.io;

import java.io.Serial;

/** A {@link BoundedQueue} was closed: it takes nothing more, or has nothing more to give. */
public final class QueueClosedException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1;

    /** A new one. */
    public QueueClosedException() {
        super("the queue is closed");
    }
}
