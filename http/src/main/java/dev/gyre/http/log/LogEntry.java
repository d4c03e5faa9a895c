package dev.gyre.http.log;

import org.jspecify.annotations.Nullable;

/**
 * One request with its answer. All text is as the client sent it, and may contain anything.
 *
 * @param timeNanos when the answer began, on {@link dev.gyre.io.Clock#REAL}
 * @param elapsedNanos how long it took until the last of it was handed on, or gathered with others
 * @param client the client's address without its port
 * @param user who has given the right password, or null
 * @param method the method; empty where none could be read
 * @param target the request target; empty where none could be read
 * @param protocol such as {@code HTTP/1.1}
 * @param status the status code
 * @param bytes how much of the body was sent, without the framing of chunks
 * @param referrer {@code Referer}, or null
 * @param agent {@code User-Agent}, or null
 */
public record LogEntry(
        long timeNanos,
        long elapsedNanos,
        String client,
        @Nullable String user,
        String method,
        String target,
        String protocol,
        int status,
        long bytes,
        @Nullable String referrer,
        @Nullable String agent) {
    /** What an entry takes besides its text, in characters, about. */
    private static final int OVERHEAD_CHARS = 64;

    /** How much memory it takes until it is written, in characters, about. */
    int cost() {
        return OVERHEAD_CHARS + client.length() + length(user) + method.length() + target.length() + length(referrer)
                + length(agent);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
