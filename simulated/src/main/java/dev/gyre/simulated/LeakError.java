package dev.gyre.simulated;

import java.io.Serial;
import java.util.List;

/** A simulated program has ended and left something open. The message says what. */
public final class LeakError extends Error {
    @Serial
    private static final long serialVersionUID = 1;

    LeakError(List<String> open) {
        super("left open: " + String.join(", ", open));
    }
}
