package dev.gyre.cli.proxy;

import dev.gyre.io.ResetEvent;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Where connections go: whether it is up, and what has gone there. Any thread may call.
 *
 * <p>A target is down from a failed attempt to connect, a client's or a check's, until one succeeds. The pause before
 * the next attempt doubles with each that fails.
 */
public final class Target {
    private static final Duration PAUSE_FIRST = Duration.ofSeconds(1);
    private static final int DOUBLINGS_MAX = 5;

    final AtomicInteger active = new AtomicInteger();
    final LongAdder connections = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder received = new LongAdder();

    private final Destination destination;
    private final boolean checked;
    private final Consumer<String> events;

    /** Is set when the target goes down, so that its check does not sleep on. */
    private final ResetEvent wentDown;

    /** Attempts that failed one after the other; 0 while it is up. */
    private int failures;

    /** When to try again, by the clock {@code AWAKE}. */
    private long retryNanos;

    Target(Destination destination, boolean checked, ResetEvent wentDown, Consumer<String> events) {
        this.destination = destination;
        this.checked = checked;
        this.wentDown = wentDown;
        this.events = events;
    }

    /**
     * Where it is.
     *
     * @return an address, or a name and a port
     */
    public Destination destination() {
        return destination;
    }

    /**
     * Whether the latest attempt to connect succeeded.
     *
     * @return true also before the first
     */
    public synchronized boolean isUp() {
        return failures == 0;
    }

    /**
     * Connections that are open now.
     *
     * @return 0 or more
     */
    public int active() {
        return active.get();
    }

    /**
     * Connections that were made so far.
     *
     * @return 0 or more
     */
    public long connections() {
        return connections.sum();
    }

    /**
     * Bytes that went from clients to it.
     *
     * @return 0 or more
     */
    public long sent() {
        return sent.sum();
    }

    /**
     * Bytes that went from it to clients.
     *
     * @return 0 or more
     */
    public long received() {
        return received.sum();
    }

    ResetEvent wentDown() {
        return wentDown;
    }

    /** Whether clients are to try it: also a target that is down when it is time, unless a check does that. */
    synchronized boolean isOffered(long nowNanos) {
        return failures == 0 || (!checked && nowNanos - retryNanos >= 0);
    }

    /** How long its check is to wait. */
    synchronized Duration untilCheck(Duration interval, long nowNanos) {
        return failures == 0 ? interval : Duration.ofNanos(Math.max(0, retryNanos - nowNanos));
    }

    void succeeded() {
        synchronized (this) {
            if (failures == 0) {
                return;
            }
            failures = 0;
        }
        events.accept("target " + destination + " is up again");
    }

    /** Attempts that fail at the same time count as one. */
    void failed(String why, long nowNanos) {
        Duration pause;
        boolean first;
        synchronized (this) {
            if (failures > 0 && nowNanos - retryNanos < 0) {
                return;
            }
            first = failures == 0;
            pause = PAUSE_FIRST.multipliedBy(1L << Math.min(failures, DOUBLINGS_MAX));
            failures++;
            retryNanos = nowNanos + pause.toNanos();
        }
        if (first) {
            events.accept("target " + destination + " is down: " + why + "; next attempt in " + pause.toSeconds()
                    + " s");
        }
        wentDown.set();
    }
}
