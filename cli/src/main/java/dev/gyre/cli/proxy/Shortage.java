package dev.gyre.cli.proxy;

import dev.gyre.io.IoException;
import java.time.Duration;

/** Failures for which neither client nor target can be blamed, and which end by themselves. */
final class Shortage {
    /** A moment. */
    static final Duration PAUSE = Duration.ofMillis(50);

    private Shortage() {}

    /** Whether it is worth another try in a moment. */
    static boolean is(IoException failed) {
        return failed.reason().isShortage();
    }
}
