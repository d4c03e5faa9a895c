package dev.gyre.cli.copy;

import java.io.Serial;

/** Nothing more is to be done: somebody has interrupted the copying, or the target is full. */
final class StoppedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    StoppedException() {
        super("stopped", null, false, false);
    }
}
