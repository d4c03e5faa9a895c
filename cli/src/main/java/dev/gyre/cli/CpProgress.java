package dev.gyre.cli;

import dev.gyre.cli.copy.Tally;
import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** One line that says how far {@code gyre cp} is, drawn again and again until its task is canceled. */
final class CpProgress {
    private static final Duration PERIOD = Duration.ofMillis(100);

    /** How much of a new rate counts against what was seen before: some three seconds are remembered. */
    private static final double WEIGHT = 0.04;

    private static final String CLEAR = "\r\033[K";
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private final Io io;
    private final Tally tally;
    private final PrintWriter out;
    private double bytesPerSecond;
    private double filesPerSecond;

    CpProgress(Io io, Tally tally, PrintWriter out) {
        this.io = io;
        this.tally = tally;
        this.out = out;
    }

    /** Whether standard error is one. */
    static boolean isTerminal(Io io) {
        return isTerminal(io, 2);
    }

    /** Whether a descriptor of this process's is one. */
    static boolean isTerminal(Io io, int descriptor) {
        try {
            String leads = io.currentDirectory().readLink("/proc/self/fd/" + descriptor);
            return leads.startsWith("/dev/pts/") || leads.startsWith("/dev/tty") || leads.equals("/dev/console");
        } catch (IoException unknown) {
            return false;
        }
    }

    /** Draws until the calling task is canceled, and then leaves the line empty. */
    void show() {
        try {
            long bytes = 0;
            long files = 0;
            long time = io.now(Clock.AWAKE).nanoseconds();
            for (int count = 0; ; count++) {
                io.sleep(PERIOD);
                long now = io.now(Clock.AWAKE).nanoseconds();
                double seconds = (now - time) / 1e9;
                double weight = Math.max(WEIGHT, 1.0 / (count + 1));
                bytesPerSecond += weight * ((tally.bytesDone() - bytes) / seconds - bytesPerSecond);
                filesPerSecond += weight * ((tally.done() - files) / seconds - filesPerSecond);
                bytes = tally.bytesDone();
                files = tally.done();
                time = now;
                out.print(CLEAR + line());
                out.flush();
            }
        } finally {
            out.print(CLEAR);
            out.flush();
        }
    }

    private String line() {
        String more = tally.walked() ? "" : "+";
        return String.format(Locale.ROOT, "%,d of %,d%s files, %s of %s%s, %s/s%s",
                tally.done(), tally.found(), more, bytes(tally.bytesDone()), bytes(tally.bytesForeseen()), more,
                bytes((long) bytesPerSecond), timeLeft());
    }

    /** By bytes or by files, whichever takes longer; nothing before everything was found. */
    private String timeLeft() {
        if (!tally.walked() || (bytesPerSecond < 1 && filesPerSecond < 1)) {
            return "";
        }
        double byBytes = Math.max(0, tally.bytesForeseen() - tally.bytesDone()) / Math.max(bytesPerSecond, 1);
        double byFiles = (tally.found() - tally.done()) / Math.max(filesPerSecond, 0.001);
        boolean large = tally.found() - tally.done() < 100;
        long seconds = Math.round(large ? byBytes : Math.max(byBytes, byFiles));
        return seconds >= 3600
                ? String.format(Locale.ROOT, ", %d:%02d:%02d left", seconds / 3600, seconds / 60 % 60, seconds % 60)
                : String.format(Locale.ROOT, ", %d:%02d left", seconds / 60, seconds % 60);
    }

    /** For people, with three digits. */
    static String bytes(long count) {
        double value = count;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 || value >= 100
                ? String.format(Locale.ROOT, "%.0f %s", value, UNITS[unit])
                : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
