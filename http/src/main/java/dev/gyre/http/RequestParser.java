package dev.gyre.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * One request after the other, out of the bytes of a connection.
 *
 * <p>Jetty's parser finds the fields and decides what is malformed, by RFC 9110 without leniency except that a line of
 * the head may end in a bare LF. Before it, {@link RequestLine} sees to what it takes too easily, and after it,
 * {@link #headerComplete} to the transfer codings and the host. This class keeps what the server wants to know, throws
 * bodies away, and says when a request can be answered: when all of it is there, or as soon as the answer does not
 * depend on the rest.
 *
 * <p>The most frequent request, a {@code GET} in HTTP/1.1 that sets no condition, is told apart as {@link #plain()} so
 * that it can be answered without looking at anything but the target.
 */
final class RequestParser implements HttpParser.RequestHandler {
    /** The host is checked here, by {@link Authority}: Jetty takes less, such as no empty port. */
    private static final HttpCompliance COMPLIANCE =
            HttpCompliance.RFC9110.with("RFC9110, any host", HttpCompliance.Violation.UNSAFE_HOST_HEADER);

    /** A parser's memory of fields takes some hundred bytes for each character. */
    private static final int FIELD_CACHE_CHARS = 256;

    private final ServerLimits limits;
    private final RequestLine line = new RequestLine();
    private HttpParser parser;

    /** How much of earlier header fields a new parser remembers, in characters. */
    private final int fieldCacheChars;

    private String method = "";
    private String target = "";
    private HttpVersion version = HttpVersion.HTTP_1_1;
    private boolean get;
    private boolean special;
    private boolean closes;
    private boolean keepsAlive;
    private boolean expectsContinue;
    private boolean transferEncoded;
    private boolean otherCodings;
    private boolean bodyPending;
    private int bodyBytes;
    private String host = "";
    private @Nullable String range;
    private @Nullable String ifRange;
    private @Nullable String ifMatch;
    private @Nullable String ifNoneMatch;
    private @Nullable String ifModifiedSince;
    private @Nullable String ifUnmodifiedSince;
    private @Nullable HttpFailure failure;

    /** What is of interest to whoever selects, admits or logs. */
    private final RequestFields fields = new RequestFields();

    @SuppressWarnings("this-escape") // the parser only keeps the reference
    RequestParser(ServerLimits limits) {
        this.limits = limits;
        this.parser = newParser();
        this.fieldCacheChars = parser.getHeaderCacheSize();
    }

    /** Forgets everything, for the first request of a connection. */
    void reset() {
        // A parser that met a malformed request is closed for good, and one that saw "Connection: close" has lost its
        // cache of fields.
        if (parser.isTerminated() || parser.getHeaderCacheSize() != fieldCacheChars) {
            parser = newParser();
        } else {
            parser.reset();
        }
        clear();
    }

    /** Makes ready for the next request of the same connection. */
    void next() {
        parser.reset();
        clear();
    }

    /**
     * Goes on with the request.
     *
     * @param in what has arrived; is consumed up to the end of the request
     * @return true if the request can be answered, with a failure where there is {@link #failure()}; false if more is
     *     needed, and {@code in} is empty
     */
    boolean parse(ByteBuffer in) {
        if (in.hasRemaining() && !line.isComplete()) {
            failure = line.check(in);
            if (failure != null) {
                return true;
            }
        }
        while (in.hasRemaining()) {
            if (parser.parseNext(in) || failure != null) {
                return true;
            }
        }
        return false;
    }

    /** What is wrong with the request, or null. */
    @Nullable HttpFailure failure() {
        return failure;
    }

    /** Declares the request wrong, whatever comes of it. */
    void fail(int status, String explanation) {
        failure = new HttpFailure(status, explanation);
    }

    /** A GET in HTTP/1.1 on a connection that stays open, without range and without conditions. */
    boolean plain() {
        return get && version == HttpVersion.HTTP_1_1 && !special && !closes && !bodyPending && failure == null;
    }

    /** The request's method, in the letters that were sent. */
    String method() {
        return method;
    }

    /** The request target as it was sent, with U+FFFD for what is no UTF-8. */
    String target() {
        return target;
    }

    boolean isGet() {
        return get;
    }

    boolean isHead() {
        return method.equals(HttpMethod.HEAD.asString());
    }

    /** What the client speaks: HTTP/1.1 unless it said 1.0. */
    HttpVersion version() {
        return version;
    }

    /** Whether the connection may be used for another request after this one (RFC 9112, 9.3). */
    boolean persistent() {
        return failure == null && !bodyPending && !closes && (version == HttpVersion.HTTP_1_1 || keepsAlive);
    }

    /** Whether the client may still be sending what belongs to this request. */
    boolean isUnfinished() {
        return failure != null || bodyPending;
    }

    /** {@code Range}, or null. */
    @Nullable String range() {
        return range;
    }

    /** {@code If-Range}, or null. */
    @Nullable String ifRange() {
        return ifRange;
    }

    /** Further fields; of this request until {@link #next()}. */
    RequestFields fields() {
        return fields;
    }

    /** The conditions that were set. */
    Conditionals.Fields conditions() {
        return new Conditionals.Fields(ifMatch, ifUnmodifiedSince, ifNoneMatch, ifModifiedSince);
    }

    @Override
    public void startRequest(String newMethod, String newTarget, HttpVersion newVersion) {
        if (newVersion != HttpVersion.HTTP_1_1 && newVersion != HttpVersion.HTTP_1_0) {
            throw new HttpException.RuntimeException(505);
        }
        if (newTarget.length() > limits.targetBytesMax()) {
            throw new HttpException.RuntimeException(414);
        }
        method = newMethod;
        target = newTarget;
        get = newMethod.equals(HttpMethod.GET.asString());
        version = newVersion;
    }

    @Override
    public void parsedHeader(HttpField field) {
        HttpHeader header = field.getHeader();
        if (header == null) {
            return;
        }
        fields.add(header, field);
        switch (header) {
            case CONNECTION -> {
                closes |= field.contains(HttpHeaderValue.CLOSE.asString());
                keepsAlive |= field.contains(HttpHeaderValue.KEEP_ALIVE.asString());
            }
            case HOST -> host = value(field);
            case TRANSFER_ENCODING -> {
                transferEncoded = true;
                otherCodings |= field.getValueList().stream().anyMatch(coding -> !HttpHeaderValue.CHUNKED.is(coding));
            }
            // From HTTP/1.0 it means nothing (RFC 9110, 10.1.1).
            case EXPECT -> expectsContinue |=
                    version != HttpVersion.HTTP_1_0 && field.contains(HttpHeaderValue.CONTINUE.asString());
            case RANGE -> range = special(range, field);
            case IF_RANGE -> ifRange = special(ifRange, field);
            case IF_MATCH -> ifMatch = special(ifMatch, field);
            case IF_NONE_MATCH -> ifNoneMatch = special(ifNoneMatch, field);
            case IF_MODIFIED_SINCE -> ifModifiedSince = special(ifModifiedSince, field);
            case IF_UNMODIFIED_SINCE -> ifUnmodifiedSince = special(ifUnmodifiedSince, field);
            default -> {}
        }
    }

    /** True, which makes the parser return, if the request is to be answered without waiting for its body. */
    @Override
    public boolean headerComplete() {
        long length = parser.getContentLength();
        boolean hasBody = length > 0 || parser.isChunking();
        if (!host.isEmpty() && !Authority.isValid(host)) {
            fail(400, "The Host field is no host with an optional port (RFC 9110, 7.2).");
        } else if (transferEncoded && version == HttpVersion.HTTP_1_0) {
            fail(400, "HTTP/1.0 has no Transfer-Encoding (RFC 9112, 6.1).");
        } else if (otherCodings) {
            fail(501, "The only transfer coding that this server knows is chunked (RFC 9112, 6.1).");
        } else if (length > limits.bodyBytesMax()) {
            fail(413, "The request's body is too long.");
        }
        // A client that waits for "100 Continue" gets the answer instead, and must not send the body any more.
        bodyPending = hasBody && (failure != null || expectsContinue);
        return bodyPending || failure != null;
    }

    @Override
    public boolean content(ByteBuffer part) {
        bodyBytes += part.remaining();
        part.position(part.limit());
        if (bodyBytes <= limits.bodyBytesMax()) {
            return false;
        }
        fail(413, "The request's body is too long.");
        return true;
    }

    @Override
    public boolean contentComplete() {
        return false;
    }

    @Override
    public boolean messageComplete() {
        return true;
    }

    /** The parser calls this for a malformed body; of the end of the stream it is never told. */
    @Override
    public void earlyEOF() {
        fail(400, "The request's body is not well-formed in chunks (RFC 9112, 7.1).");
    }

    @Override
    public void badMessage(HttpException bad) {
        int status = bad.getCode();
        fail(status, switch (status) {
            case 413 -> "The request's trailer is too long.";
            case 414 -> "The request target is too long.";
            case 431 -> "The request's header fields are too long.";
            case 505 -> "This server speaks HTTP/1.1 and HTTP/1.0.";
            default -> brokenRule(String.valueOf(bad.getReason()));
        });
    }

    /** What Jetty's reason comes to. It may contain what the client sent, and so is not passed on. */
    private String brokenRule(String reason) {
        if (reason.startsWith("Illegal character")) {
            return illegalCharacter(reason);
        }
        return switch (reason) {
            case "No Host" -> "A request in HTTP/1.1 needs a Host field (RFC 9112, 3.2).";
            case "Duplicate Host Header" -> "A request has one Host field, not several (RFC 9112, 3.2).";
            case "Line Folding not supported" ->
                "A line of the header must not begin with white space or a colon (RFC 9112, 5.2).";
            case "Bad EOL" -> "A carriage return must be followed by a line feed (RFC 9112, 2.2).";
            case "Invalid Content-Length Value" -> "Content-Length must be a number of bytes (RFC 9110, 8.6).";
            case "Multiple Content-Lengths" -> "A request has one Content-Length, not several (RFC 9112, 6.3).";
            case "Transfer-Encoding and Content-Length" ->
                "A request has Transfer-Encoding or Content-Length, not both (RFC 9112, 6.1).";
            case "Bad Transfer-Encoding, chunked not last", "Bad Transfer-Encoding, multiple chunked tokens" ->
                "The last transfer coding of a request must be chunked, and only the last (RFC 9112, 6.1).";
            default -> "The request is not well-formed HTTP.";
        };
    }

    private String illegalCharacter(String reason) {
        if (method.isEmpty()) {
            return "The request line has a character that is not allowed there (RFC 9112, 3).";
        }
        if (reason.contains("CNTL")) {
            return "A header field has a control character (RFC 9110, 5.5).";
        }
        if (reason.contains("SPACE") || reason.contains("HTAB")) {
            return "A field's name must be followed by a colon, without white space (RFC 9112, 5.1).";
        }
        return reason.contains("EOL")
                ? "A line of the header has no colon (RFC 9112, 5)."
                : "A field's name has a character that is not allowed there (RFC 9110, 5.1).";
    }

    private HttpParser newParser() {
        HttpParser made = new HttpParser(this, limits.headBytesMax(), COMPLIANCE);
        made.setHeaderCacheSize(FIELD_CACHE_CHARS);
        return made;
    }

    private String special(@Nullable String before, HttpField field) {
        special = true;
        return before == null ? value(field) : before + ", " + value(field);
    }

    private static String value(HttpField field) {
        return field.getValue() == null ? "" : field.getValue();
    }

    private void clear() {
        line.reset();
        method = "";
        target = "";
        version = HttpVersion.HTTP_1_1;
        get = false;
        special = false;
        closes = false;
        keepsAlive = false;
        expectsContinue = false;
        transferEncoded = false;
        otherCodings = false;
        bodyPending = false;
        bodyBytes = 0;
        host = "";
        range = null;
        ifRange = null;
        ifMatch = null;
        ifNoneMatch = null;
        ifModifiedSince = null;
        ifUnmodifiedSince = null;
        failure = null;
        fields.clear();
    }
}
