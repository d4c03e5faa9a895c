package dev.gyre.io;

import java.io.Serial;
import java.util.concurrent.CancellationException;

/**
 * The running task is to stop, and this is where it does.
 *
 * <p>Thrown by every cancellation point after the request, until the task has ended, and in a scope whose limit of time
 * is over ({@link Tasks#within}): any operation whose documentation says that it is a cancellation point. Unchecked, so
 * that a handler for {@link IoException} does not swallow it.
 */
public final class CanceledException extends CancellationException {
    @Serial
    private static final long serialVersionUID = 1;

    /** A new one; its stack trace shows the cancellation point. */
    public CanceledException() {
        this("the task was canceled");
    }

    /**
     * A new one; its stack trace shows the cancellation point.
     *
     * @param message why the task is to stop
     */
    public CanceledException(String message) {
        super(message);
    }
}
