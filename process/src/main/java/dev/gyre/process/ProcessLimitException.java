package dev.gyre.process;

import dev.gyre.io.ConcurrencyUnavailable;
import java.io.Serial;

/**
 * No further process can be started: the limit of {@link dev.gyre.io.IoOptions#concurrentLimit()} is reached, or the
 * machine gives no further thread.
 */
public final class ProcessLimitException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    ProcessLimitException(ConcurrencyUnavailable cause) {
        super(cause.getMessage(), cause);
    }
}
