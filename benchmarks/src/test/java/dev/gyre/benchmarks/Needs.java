package dev.gyre.benchmarks;

import static org.junit.jupiter.api.Assumptions.abort;

/** Skips tests whose needs this machine does not meet, and says which. */
public final class Needs {
    private Needs() {}

    /** Skips unless io_uring can be used. */
    public static void ioUring() {
        try {
            Tools.requireIoUring();
        } catch (Unavailable e) {
            System.out.println("skipped: " + e.getMessage());
            abort(e.getMessage());
        }
    }
}
