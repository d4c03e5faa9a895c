package dev.gyre.io;

import java.io.Serial;
import java.util.concurrent.CancellationException;

/**
 * The running task was asked to stop, and this is where it does.
 *
 * <p>Thrown once for each request, by the first cancellation point after it: any operation whose documentation says
 * that it is one. Unchecked, so that a handler for {@link IoException} does not swallow it.
 */
public final class CanceledException extends CancellationException {
    @Serial
    private static final long serialVersionUID = 1;

    /** A new one; its stack trace shows the cancellation point. */
    public CanceledException() {
        super("the task was canceled");
    }
}
