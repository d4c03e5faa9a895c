package dev.gyre.benchmarks;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.List;

/** Skips tests whose needs this machine does not meet, and says which. */
public final class Needs {
    private Needs() {}

    /** Skips unless io_uring can be used. */
    public static void ioUring() {
        try {
            Tools.requireIoUring();
        } catch (Unavailable e) {
            skip(e);
        }
    }

    /** Skips unless programs can have a name server beside them. */
    static void nameServer() throws IOException {
        try (Workshop workshop = Workshop.open()) {
            NameServer.beside(workshop, Launch.announcing(List.of("true")));
        } catch (Unavailable e) {
            skip(e);
        }
    }

    private static void skip(Unavailable cause) {
        System.out.println("skipped: " + cause.getMessage());
        abort(cause.getMessage());
    }
}
