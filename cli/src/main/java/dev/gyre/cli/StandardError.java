package dev.gyre.cli;

import dev.gyre.http.log.BackgroundStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Standard error for a command that must not wait until somebody reads what it says: neither a server's loops nor its
 * end. What does not fit into memory meanwhile is lost, and the number of its lines is said.
 */
final class StandardError {
    private static final int BYTES_MAX = 256 << 10;

    /** How long the process stays for its last lines. */
    private static final Duration LAST_LINES = Duration.ofSeconds(2);

    private static @Nullable BackgroundStream background;

    private StandardError() {}

    /** From now on, {@link System#err} is such a one. To be called once, before anybody has written there. */
    static void toBackground() {
        BackgroundStream stream = new BackgroundStream(
                new FileOutputStream(FileDescriptor.err), BYTES_MAX, StandardError::tellOfLost, _ -> {});
        System.setErr(new PrintStream(stream, true, System.err.charset()));
        background = stream;
    }

    /** Waits until what was said has gone out, for a moment at most. */
    static void finish() {
        if (background != null) {
            try {
                background.finish(LAST_LINES);
            } catch (InterruptedException nobodyInterruptsCommands) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void tellOfLost(long lines) {
        System.err.println("gyre: " + lines + (lines == 1 ? " line was" : " lines were")
                + " lost here, since nobody read them");
    }
}
