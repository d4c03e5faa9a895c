package dev.gyre.http;

import dev.gyre.io.IoException;
import dev.gyre.io.Reason;
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

    /** What a reason of opening, listing or reading comes to for a client. */
    static int statusOf(Reason reason) {
        return switch (reason) {
            case FILE_NOT_FOUND, NOT_A_DIRECTORY, SYMLINK_LOOP, NAME_TOO_LONG -> 404;
            case ACCESS_DENIED, PERMISSION_DENIED, PATH_ESCAPES, NO_DEVICE, WOULD_BLOCK, OPERATION_UNSUPPORTED -> 403;
            default -> reason.isShortage() ? 503 : 500;
        };
    }

    /** Whether there is nothing by that name. */
    static boolean isMissing(IoException failure) {
        return statusOf(failure.reason()) == 404;
    }

    /** Whether there is nothing to be had by that name: what may not be read is as good as missing. */
    static boolean isUnavailable(IoException failure) {
        return statusOf(failure.reason()) < 500;
    }
}
