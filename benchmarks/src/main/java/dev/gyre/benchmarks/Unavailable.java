package dev.gyre.benchmarks;

import java.io.Serial;

/** A contender cannot run on this machine. The message says which probe failed and what to install. */
final class Unavailable extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
        super(message);
    }
}
