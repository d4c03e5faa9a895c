package dev.gyre.http;

import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One kind of message, which a shortage or a fault can cause for each request: it is logged once a second at most, with
 * how many were left out. Any thread may call.
 */
final class Notice {
    private static final long SECOND = 1_000_000_000L;

    private final Io io;
    private final String message;
    private final AtomicLong quietUntil = new AtomicLong(Long.MIN_VALUE);
    private final AtomicInteger leftOut = new AtomicInteger();

    Notice(Io io, String message) {
        this.io = io;
        this.message = message;
    }

    /** Logs a failure that the operator can do something about: one line. */
    void warn(Throwable failure) {
        if (isDue()) {
            boolean declared = failure instanceof Exception && !(failure instanceof RuntimeException);
            Log.warn(message + ": " + (declared ? failure.getMessage() : failure) + leftOut());
        }
    }

    /** Logs a fault, which somebody has to find: with its stack. */
    void error(Throwable fault) {
        if (isDue()) {
            Log.error(message + leftOut(), fault);
        }
    }

    private boolean isDue() {
        long now = io.now(Clock.AWAKE).nanoseconds();
        long until = quietUntil.get();
        boolean due = now >= until && quietUntil.compareAndSet(until, now + SECOND);
        if (!due) {
            leftOut.incrementAndGet();
        }
        return due;
    }

    private String leftOut() {
        int count = leftOut.getAndSet(0);
        return count == 0 ? "" : " (and " + count + " more since the last such line)";
    }
}
