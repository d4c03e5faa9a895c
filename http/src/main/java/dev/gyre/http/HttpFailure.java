package dev.gyre.http;

import java.io.Serial;

/**
 * A request cannot be answered with what it asks for. Thrown wherever that is found out, and turned into a small page
 * by {@link Site}. Clients cause it at will, so it carries no stack trace.
 */
final class HttpFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    /** The status code, 400 to 599. */
    private final int status;

    /**
     * A new one.
     *
     * @param status 400 to 599
     * @param explanation a sentence for the person who reads the page; contains nothing that the client sent
     */
    HttpFailure(int status, String explanation) {
        super(explanation, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    String explanation() {
        return String.valueOf(getMessage());
    }
}
