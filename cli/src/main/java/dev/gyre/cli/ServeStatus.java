package dev.gyre.cli;

import dev.gyre.http.FileServer;
import dev.gyre.http.ServerStatistics;
import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** One line with what {@code gyre serve} is doing, drawn again and again until its task is canceled. */
final class ServeStatus {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private static final String CLEAR = "\r\033[K";

    private final Io io;
    private final FileServer server;
    private final PrintWriter out;

    ServeStatus(Io io, FileServer server, PrintWriter out) {
        this.io = io;
        this.server = server;
        this.out = out;
    }

    /** Draws until the calling task is canceled, and then leaves the totals. */
    void show() {
        ServerStatistics before = server.statistics();
        long time = io.now(Clock.AWAKE).nanoseconds();
        try {
            while (true) {
                io.sleep(PERIOD);
                ServerStatistics now = server.statistics();
                long moment = io.now(Clock.AWAKE).nanoseconds();
                out.print(CLEAR + line(before, now, (moment - time) / 1e9));
                out.flush();
                before = now;
                time = moment;
            }
        } finally {
            out.println(CLEAR + total(server.statistics()));
            out.flush();
        }
    }

    /** What has happened between two moments. */
    static String line(ServerStatistics before, ServerStatistics now, double seconds) {
        double answers = (now.answers() - before.answers()) / seconds;
        double bytes = (now.bodyBytes() - before.bodyBytes()) / seconds;
        return String.format(
                Locale.ROOT, "%,.0f requests/s, %s/s, %s, %,d %s open",
                answers, CpProgress.bytes((long) bytes), kinds(now), now.connections(),
                now.connections() == 1 ? "connection" : "connections");
    }

    /** What has happened until now. */
    static String total(ServerStatistics now) {
        return String.format(
                Locale.ROOT, "%,d %s, %s, %s",
                now.answers(), now.answers() == 1 ? "request" : "requests", CpProgress.bytes(now.bodyBytes()),
                kinds(now));
    }

    private static String kinds(ServerStatistics now) {
        return String.format(
                Locale.ROOT, "2xx %,d, 3xx %,d, 4xx %,d, 5xx %,d",
                now.successes(), now.redirections(), now.clientErrors(), now.serverErrors());
    }
}
