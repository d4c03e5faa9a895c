package dev.gyre.http;

import dev.gyre.http.log.AccessLog;
import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** What all connections of a server share. */
final class Service {
    /** How long a connection that waits keeps its workspace: a part of the time that it may wait, and no longer. */
    private static final int BRIEFLY_PART = 60;

    private static final Duration BRIEFLY_MAX = Duration.ofSeconds(1);

    /** How much less long it keeps one that others could use. */
    private static final int SCARCE_PART = 10;

    final Io io;
    final ServerLimits limits;
    final Site site;
    final HeaderPolicy policy;
    final Variants variants;
    final HttpDate date;
    final WorkspacePool workspaces;

    /** The rest of {@link ServerLimits#idleTimeout()}, after {@link #briefly()}. */
    final Timeout idle;

    /** {@link ServerLimits#writeStall()}. */
    final Timeout stall;

    private final Timeout briefly;
    private final Timeout moment;

    /** A fault of ours, which ends no more than what it happened in. */
    final Notice fault;

    /** What was answered. */
    final Counters counters = new Counters();

    /** Where each answer is written down, or null. */
    final @Nullable AccessLog log;

    /** Set once, and then no further request is waited for. */
    volatile boolean stopping;

    Service(
            Io io,
            ServerLimits limits,
            Site site,
            HttpDate date,
            HeaderPolicy policy,
            Variants variants,
            @Nullable AccessLog log) {
        this.io = io;
        this.limits = limits;
        this.site = site;
        this.date = date;
        this.policy = policy;
        this.variants = variants;
        this.log = log;
        this.fault = new Notice(io, "a fault in the server: please report it");
        this.workspaces = new WorkspacePool(limits);
        Duration whole = limits.idleTimeout();
        // In nanoseconds: Duration divides by BigDecimal, which costs a start 60 milliseconds.
        Duration part = Duration.ofNanos(whole.toNanos() / BRIEFLY_PART);
        Duration first = part.compareTo(BRIEFLY_MAX) < 0 ? part : BRIEFLY_MAX;
        this.briefly = Timeout.after(first);
        this.moment = Timeout.after(Duration.ofNanos(first.toNanos() / SCARCE_PART));
        this.idle = Timeout.after(whole.minus(first));
        this.stall = Timeout.after(limits.writeStall());
    }

    /** How long a connection waits with a workspace: the first part of {@link ServerLimits#idleTimeout()}. */
    Timeout briefly() {
        return workspaces.isScarce() ? moment : briefly;
    }

    /** The wall clock, in nanoseconds. */
    long now() {
        return io.now(Clock.REAL).nanoseconds();
    }

    /**
     * Loads and initializes what the first request would otherwise wait for: some hundred classes and Jetty's tables.
     * Does not touch the disk.
     */
    void warmUp() {
        Workspace workspace = workspaces.take();
        byte[] request = "GET /a%20b.txt HTTP/1.1\r\nHost: localhost\r\nIf-Modified-Since: x\r\nRange: x\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        workspace.parser.parse(ByteBuffer.wrap(request));
        try {
            MediaTypes.of(RequestPath.of(workspace.parser.target()));
        } catch (HttpFailure impossible) {
            throw new AssertionError(impossible);
        }
        Reply.Response response = Reply.message(404, HttpFields.build(), "");
        ResponseHead.put(
                workspace.out, response, policy, false, date.at(now()).toString(), HttpVersion.HTTP_1_1, false);
        workspaces.give(workspace);
        HttpFailure.statusOf(Reason.FILE_NOT_FOUND);
    }
}
