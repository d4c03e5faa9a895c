package dev.gyre.examples.store;

/**
 * Finds requests in what is received, in whatever pieces that comes. A request is an array of strings, {@code
 * *2\r\n$3\r\nGET\r\n$1\r\nk\r\n}, or a line as people type it, {@code GET k}.
 *
 * <p>Nothing is made of the bytes but numbers that say where the arguments lie. A request that is not complete goes on
 * where it was left, and takes twice as much memory as has come of it at most, whatever lengths it announces.
 *
 * <p>Limits and the texts of failures are those of Redis, which takes more arguments.
 */
final class RequestParser {
    /** The longest argument: 512 MiB. */
    static final int ARGUMENT_MAX = 512 << 20;

    /** How many arguments a request may have. */
    static final int COUNT_MAX = 1 << 20;

    /** The longest request: 1 GiB. */
    static final int REQUEST_MAX = 1 << 30;

    /** The longest line. */
    static final int LINE_MAX = 64 << 10;

    private static final long UNFINISHED = Long.MIN_VALUE;
    private static final long NO_NUMBER = Long.MIN_VALUE + 1;
    private static final int UNKNOWN = -1;
    private static final byte[] NONE = {};

    private final Request request = new Request();

    /** The longest request in bytes. */
    private final int requestMax;

    private byte[] buffer = NONE;

    /** Where the request that is read begins, and the end of what has come. */
    private int start;

    private int end;

    // From the start on:

    /** What has been read of the request. */
    private int position;

    /** How many arguments it is to have; 0 before that is known. */
    private int expected;

    /** How long the argument is that is read. */
    private int length = UNKNOWN;

    /** How many bytes were in requests, or in what is skipped between them. */
    private long consumed;

    /** For requests of up to 1 GiB. */
    RequestParser() {
        this(REQUEST_MAX);
    }

    RequestParser(int requestMax) {
        this.requestMax = requestMax;
    }

    /** The request that {@link #next} has found last. */
    Request request() {
        return request;
    }

    /** How many bytes the requests had so far. */
    long consumed() {
        return consumed;
    }

    /** Whether what has come of the next request begins so. */
    boolean begins(char first) {
        return start < end && buffer[start] == first;
    }

    /** Forgets what has come and is no whole request. */
    void clear() {
        start = end;
        position = 0;
        expected = 0;
        length = UNKNOWN;
    }

    /** More was received. The array is the parser's from now on. */
    void feed(byte[] received) throws ProtocolException {
        if (start == end) {
            buffer = received;
            start = 0;
            end = received.length;
            return;
        }
        int needed = end - start + received.length;
        if (needed > requestMax || needed < 0) {
            throw new ProtocolException("too big request");
        }
        if (end + received.length > buffer.length) {
            makeRoom(needed);
        }
        System.arraycopy(received, 0, buffer, end, received.length);
        end += received.length;
    }

    private void makeRoom(int needed) {
        // An array that is mostly free is used again; so each byte is moved a few times at most.
        byte[] other = needed <= buffer.length / 2 ? buffer : new byte[(int) Math.min(2L * needed, requestMax)];
        System.arraycopy(buffer, start, other, 0, end - start);
        buffer = other;
        end -= start;
        start = 0;
    }

    /** Whether there is one more request, which {@link #request} is then. */
    boolean next() throws ProtocolException {
        while (start < end) {
            boolean complete = (expected > 0 || buffer[start] == '*') ? readArray() : readLine();
            if (complete) {
                request.complete(buffer, start, start + position);
            } else if (expected > 0 || position == 0) {
                return false;
            }
            start += position;
            consumed += position;
            position = 0;
            expected = 0;
            if (complete) {
                return true;
            }
            // An empty request is none.
        }
        return false;
    }

    private boolean readArray() throws ProtocolException {
        if (expected == 0) {
            long count = readNumber("too big mbulk count string");
            if (count == UNFINISHED) {
                return false;
            }
            if (count == NO_NUMBER || count > COUNT_MAX) {
                throw new ProtocolException("invalid multibulk length");
            }
            request.clear();
            if (count <= 0) {
                return false;
            }
            expected = (int) count;
        }
        while (request.count() < expected) {
            if (!readArgument()) {
                return false;
            }
        }
        return true;
    }

    private boolean readArgument() throws ProtocolException {
        if (length == UNKNOWN) {
            if (start + position == end) {
                return false;
            }
            if (buffer[start + position] != '$') {
                throw new ProtocolException("expected '$', got '" + (char) (buffer[start + position] & 0xff) + "'");
            }
            long count = readNumber("too big bulk count string");
            if (count == UNFINISHED) {
                return false;
            }
            if (count < 0 || count > ARGUMENT_MAX) {
                throw new ProtocolException("invalid bulk length");
            }
            length = (int) count;
        }
        int after = start + position + length;
        if (after + 2 > end) {
            return false;
        }
        if (buffer[after] != '\r' || buffer[after + 1] != '\n') {
            throw new ProtocolException("expected CRLF after a bulk of " + length + " bytes");
        }
        request.add(position, length);
        position += length + 2;
        length = UNKNOWN;
        return true;
    }

    /** Reads the number of a line that begins with another character. */
    private long readNumber(String tooLong) throws ProtocolException {
        int first = start + position + 1;
        int at = first;
        while (at < end && buffer[at] != '\r') {
            at++;
        }
        if (at + 1 >= end) {
            if (at - first > LINE_MAX) {
                throw new ProtocolException(tooLong);
            }
            return UNFINISHED;
        }
        position = at + 2 - start;
        try {
            return Math.max(Request.integer(buffer, first, at), NO_NUMBER);
        } catch (CommandError none) {
            return NO_NUMBER;
        }
    }

    private boolean readLine() throws ProtocolException {
        int at = start;
        while (at < end && buffer[at] != '\n') {
            at++;
        }
        if (at - start > LINE_MAX) {
            throw new ProtocolException("too big inline request");
        }
        if (at == end) {
            return false;
        }
        position = at + 1 - start;
        request.clear();
        Words.split(buffer, start, at, request);
        return request.count() > 0;
    }

    /** Forgets a buffer that was made for a long request and is empty now. */
    void shrink() {
        if (start == end && buffer.length > LINE_MAX) {
            buffer = NONE;
            start = 0;
            end = 0;
            request.complete(NONE, 0, 0);
        }
    }
}
