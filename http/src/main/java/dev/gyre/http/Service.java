package dev.gyre.http;

import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import dev.gyre.io.Timeout;
import java.time.Duration;

/** What all connections of a server share. */
final class Service {
    /** How long a connection that waits keeps its workspace. */
    private static final Duration BRIEFLY = Duration.ofSeconds(1);

    final Io io;
    final ServerLimits limits;
    final Site site;
    final HttpDate date;
    final WorkspacePool workspaces;

    /** The first part of {@link ServerLimits#idleTimeout()}. */
    final Timeout briefly;

    /** The rest of {@link ServerLimits#idleTimeout()}. */
    final Timeout idle;

    /** {@link ServerLimits#writeStall()}. */
    final Timeout stall;

    /** Set once, and then no further request is waited for. */
    volatile boolean stopping;

    Service(Io io, ServerLimits limits, Site site, HttpDate date) {
        this.io = io;
        this.limits = limits;
        this.site = site;
        this.date = date;
        this.workspaces = new WorkspacePool(limits);
        Duration whole = limits.idleTimeout();
        Duration first = whole.compareTo(BRIEFLY) < 0 ? whole : BRIEFLY;
        this.briefly = Timeout.after(first);
        this.idle = Timeout.after(whole.minus(first));
        this.stall = Timeout.after(limits.writeStall());
    }

    /** The wall clock, in nanoseconds. */
    long now() {
        return io.now(Clock.REAL).nanoseconds();
    }

    /** A moment that lies this long ahead. */
    Timeout deadline(Duration ahead) {
        return Timeout.at(io.now(Clock.AWAKE).plus(ahead));
    }
}
