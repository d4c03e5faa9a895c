package dev.gyre.examples.store;

import java.io.Serial;

/** What was received is no request. Where the next one would begin is unknown from there on. */
final class ProtocolException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final String what;

    ProtocolException(String what) {
        super(what, null, false, false);
        this.what = what;
    }

    String what() {
        return what;
    }
}
