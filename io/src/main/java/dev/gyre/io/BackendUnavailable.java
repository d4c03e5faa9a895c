package dev.gyre.io;

import java.io.IOException;
import java.io.Serial;

/** No backend, or not the one that was asked for, works here. The message says what was tried and why it failed. */
public final class BackendUnavailable extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * A new one.
     *
     * @param message what was tried and why it failed
     */
    public BackendUnavailable(String message) {
        super(message);
    }
}
