package dev.gyre.cli.proxy;

import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.time.Duration;

/** Failures for which neither client nor target can be blamed, and which end by themselves. */
final class Shortage {
    /** A moment. */
    static final Duration PAUSE = Duration.ofMillis(50);

    private Shortage() {}

    /** Loads what is needed when there are no descriptors left to load it by. */
    static void rehearse() {
        is(Operation.ACCEPT.failure(Reason.PROCESS_FD_LIMIT, "nothing"));
    }

    /** Whether it is worth another try in a moment. */
    static boolean is(IoException failed) {
        return failed.reason().isShortage();
    }
}
