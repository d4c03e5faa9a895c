package dev.gyre.cli;

import dev.gyre.cli.proxy.ProxyServer;
import dev.gyre.cli.proxy.Target;
import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What goes through a proxy: on a terminal some lines that are drawn again and again, elsewhere a line at a time. And
 * what happens, between them.
 */
final class ProxyDisplay {
    /** How often lines are drawn on a terminal. */
    static final Duration DRAWING = Duration.ofMillis(500);

    private static final int TARGETS_MAX = 16;
    private static final String CLEAR_BELOW = "\033[J";

    private final PrintWriter out;
    private final ReentrantLock lock = new ReentrantLock();

    /** Lines of the last drawing, above which the cursor is to go. */
    private int drawn;

    private long nanos;
    private long[] sentBefore = {};
    private long[] receivedBefore = {};

    ProxyDisplay(PrintWriter out) {
        this.out = out;
    }

    /** Says what has happened. From any thread. */
    void event(String text) {
        lock.lock();
        try {
            erase();
            out.println("proxy: " + text);
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    /** Draws again and again, until the calling task is canceled. */
    void draw(Io io, ProxyServer server) {
        try {
            while (true) {
                List<String> lines = rates(io, server);
                lock.lock();
                try {
                    erase();
                    lines.forEach(out::println);
                    out.flush();
                    drawn = lines.size();
                } finally {
                    lock.unlock();
                }
                io.sleep(DRAWING);
            }
        } finally {
            lock.lock();
            try {
                erase();
                out.flush();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Prints a line again and again, until the calling task is canceled. */
    void print(Io io, ProxyServer server, Duration interval) {
        rates(io, server);
        while (true) {
            io.sleep(interval);
            event(String.join("; ", rates(io, server)));
        }
    }

    private void erase() {
        if (drawn > 0) {
            out.print("\033[" + drawn + "A\r" + CLEAR_BELOW);
            drawn = 0;
        }
    }

    /** The whole, and then each target where there are several. For one task. */
    private List<String> rates(Io io, ProxyServer server) {
        List<Target> targets = server.allTargets();
        long now = io.now(Clock.AWAKE).nanoseconds();
        double seconds = sentBefore.length == 0 ? 1 : (now - nanos) / 1e9;
        long[] sent = targets.stream().mapToLong(Target::sent).toArray();
        long[] received = targets.stream().mapToLong(Target::received).toArray();
        if (sentBefore.length == 0) {
            sentBefore = sent;
            receivedBefore = received;
        }
        List<String> lines = new ArrayList<>();
        long allSent = 0;
        long allReceived = 0;
        for (int i = 0; i < targets.size(); i++) {
            long sentNow = sent[i] - sentBefore[i];
            long receivedNow = received[i] - receivedBefore[i];
            allSent += sentNow;
            allReceived += receivedNow;
            if (targets.size() > 1 && i < TARGETS_MAX) {
                Target target = targets.get(i);
                lines.add(String.format(Locale.ROOT, "%s %s, %,d open (%,d in all), %s",
                        target.destination(), target.isUp() ? "up" : "DOWN", target.active(), target.connections(),
                        speed(sentNow / seconds, receivedNow / seconds)));
            }
        }
        lines.addFirst(String.format(Locale.ROOT, "%,d open (%,d in all, %,d reset), %s",
                server.active(), server.accepted(), server.refused(),
                speed(allSent / seconds, allReceived / seconds)));
        nanos = now;
        sentBefore = sent;
        receivedBefore = received;
        return lines;
    }

    private static String speed(double sent, double received) {
        return CpProgress.bytes((long) sent) + "/s to targets, " + CpProgress.bytes((long) received) + "/s to clients";
    }
}
