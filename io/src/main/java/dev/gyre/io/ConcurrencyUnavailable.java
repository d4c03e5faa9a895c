package dev.gyre.io;

import java.io.Serial;

/** No further unit of concurrency may be started: the limit of {@link IoOptions#concurrentLimit()} is reached. */
public final class ConcurrencyUnavailable extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * A new one.
     *
     * @param limit the limit that is reached, in tasks
     */
    public ConcurrencyUnavailable(int limit) {
        super("the limit of " + limit + " concurrent tasks is reached; "
                + "await or cancel one, or raise IoOptions.concurrentLimit");
    }
}
