package dev.gyre.cli.proxy;

import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import java.util.function.Consumer;

/**
 * What strangers can cause for each connection, so much of it a second as somebody can read. The rest is counted, and
 * its number told with the next that is told. Any thread may call.
 */
final class LimitedEvents {
    private static final int PER_SECOND = 10;
    private static final long SECOND = 1_000_000_000L;

    private final Io io;
    private final Consumer<String> events;

    /** When the present second began, by the clock {@code AWAKE}. Guarded by this object's lock, like all below. */
    private long secondNanos = -SECOND;

    private int told;
    private long leftOut;

    LimitedEvents(Io io, Consumer<String> events) {
        this.io = io;
        this.events = events;
    }

    void tell(String event) {
        long now = io.now(Clock.AWAKE).nanoseconds();
        synchronized (this) {
            if (now - secondNanos >= SECOND) {
                secondNanos = now;
                told = 0;
            }
            if (told == PER_SECOND) {
                leftOut++;
                return;
            }
            told++;
        }
        tellLeftOut();
        events.accept(event);
    }

    /** Tells how many were left out, if any were. */
    void tellLeftOut() {
        long count;
        synchronized (this) {
            count = leftOut;
            leftOut = 0;
        }
        if (count > 0) {
            events.accept(count + (count == 1 ? " more connection was" : " more connections were") + " reset");
        }
    }
}
