package dev.gyre.http;

import java.time.DateTimeException;
import org.eclipse.jetty.http.HttpDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Conditional requests: RFC 9110, section 13, for a file that exists and a method that reads.
 *
 * <p>A date that cannot be understood is no condition; an entity tag that cannot be understood matches nothing.
 */
final class Conditionals {
    /** What the conditions come to. */
    enum Outcome {
        /** Answer as if there were none. */
        PROCEED,
        /** 304: the client has it already. */
        NOT_MODIFIED,
        /** 412: the client wanted an answer only for another state of the file. */
        FAILED
    }

    /**
     * The fields of a request, each null where it is absent and joined with commas where it is repeated.
     *
     * @param ifMatch {@code If-Match}
     * @param ifUnmodifiedSince {@code If-Unmodified-Since}
     * @param ifNoneMatch {@code If-None-Match}
     * @param ifModifiedSince {@code If-Modified-Since}
     */
    record Fields(
            @Nullable String ifMatch,
            @Nullable String ifUnmodifiedSince,
            @Nullable String ifNoneMatch,
            @Nullable String ifModifiedSince) {}

    private static final long NO_DATE = Long.MIN_VALUE;

    private Conditionals() {}

    /**
     * Evaluates the conditions in the order of RFC 9110, 13.2.2.
     *
     * @param fields of the request
     * @param file as it is now
     * @return what to do
     */
    static Outcome evaluate(Fields fields, Representation file) {
        if (fields.ifMatch != null) {
            if (!matches(fields.ifMatch, file, true)) {
                return Outcome.FAILED;
            }
        } else if (fields.ifUnmodifiedSince != null) {
            long date = seconds(fields.ifUnmodifiedSince);
            if (date != NO_DATE && file.modifiedSeconds() > date) {
                return Outcome.FAILED;
            }
        }
        if (fields.ifNoneMatch != null) {
            return matches(fields.ifNoneMatch, file, false) ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
        }
        if (fields.ifModifiedSince != null) {
            long date = seconds(fields.ifModifiedSince);
            if (date != NO_DATE && file.modifiedSeconds() <= date) {
                return Outcome.NOT_MODIFIED;
            }
        }
        return Outcome.PROCEED;
    }

    /**
     * Whether a range may be sent: {@code If-Range} is absent, or names exactly this state (RFC 9110, 13.1.5).
     *
     * @param ifRange the field, or null
     * @param file as it is now
     * @return false if the whole is to be sent
     */
    static boolean allowsRange(@Nullable String ifRange, Representation file) {
        if (ifRange == null) {
            return true;
        }
        if (!file.settled()) {
            return false;
        }
        return ifRange.startsWith("\"") ? ifRange.equals(file.tag()) : seconds(ifRange) == file.modifiedSeconds();
    }

    /** Whether a list of entity tags, or {@code *}, has the file's. */
    private static boolean matches(String list, Representation file, boolean strongly) {
        if (list.equals("*")) {
            return true;
        }
        if (strongly && !file.settled()) {
            return false;
        }
        int at = 0;
        while (at < list.length()) {
            char c = list.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            boolean weak = list.startsWith("W/", at);
            int start = weak ? at + 2 : at;
            int end = start < list.length() && list.charAt(start) == '"' ? list.indexOf('"', start + 1) : -1;
            if (end < 0) {
                return false;
            }
            boolean same = list.regionMatches(start, file.tag(), 0, file.tag().length());
            if (same && end + 1 - start == file.tag().length() && !(weak && strongly)) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }

    private static long seconds(String date) {
        try {
            return HttpDateTime.parse(date).toEpochSecond();
        } catch (IllegalArgumentException | DateTimeException none) {
            return NO_DATE;
        }
    }
}
