package dev.gyre.http;

import java.lang.System.Logger.Level;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * What the server has to say to its operator.
 *
 * <p>A log may need a file itself when it is first used, for its configuration or for the time zone's rules. A server
 * whose descriptors are used up has something to say just then, and must not end because it cannot say it.
 */
final class Log {
    private static final System.Logger LOGGER = System.getLogger("dev.gyre.http");

    private Log() {}

    /** Opens what a log usually needs, while there are descriptors. */
    static void warmUp() {
        if (LOGGER.isLoggable(Level.WARNING)) {
            ZoneRules _ = ZoneId.systemDefault().getRules();
        }
    }

    static void debug(String message, @Nullable Throwable cause) {
        log(Level.DEBUG, message, cause);
    }

    static void warn(String message) {
        log(Level.WARNING, message, null);
    }

    static void error(String message, Throwable cause) {
        log(Level.ERROR, message, cause);
    }

    private static void log(Level level, String message, @Nullable Throwable cause) {
        try {
            LOGGER.log(level, message, cause);
        } catch (RuntimeException | Error lost) {
            // There is nobody else to tell.
        }
    }
}
