package dev.gyre.http;

/** What a line of the access log looks like. */
public enum LogFormat {
    /** {@code client - user [time] "request" status bytes}: the Common Log Format of NCSA httpd. */
    COMMON,
    /** {@link #COMMON} with {@code "referrer" "user agent"} after it: what nginx and Apache write by default. */
    COMBINED,
    /** An object of JSON (RFC 8259), with the time in UTC and how long the answer took. */
    JSON
}
