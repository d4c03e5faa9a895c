package dev.gyre.io;

import java.io.Serial;

/**
 * No further unit of concurrency can be started: the limit of {@link IoOptions#concurrentLimit()} is reached, or the
 * machine gives no further thread.
 */
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

    /**
     * A new one, for backends.
     *
     * @param message what the machine lacks, and what helps
     */
    public ConcurrencyUnavailable(String message) {
        super(message);
    }
}
