package dev.gyre.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a request line before Jetty's parser does, which takes some that RFC 9112, 3 does not allow, and refuses one
 * that it does: the parts are separated by one space each (3), the version is written in capitals (2.3), and a minor
 * version that is higher than ours means ours (RFC 9110, 2.5). So HTTP/1.2 and what follows it become HTTP/1.1, in
 * place. Everything else is left to the parser.
 */
final class RequestLine {
    private static final byte[] NAME = "HTTP/".getBytes(StandardCharsets.US_ASCII);

    private static final String FORM =
            "The request line is a method, a target and HTTP/1.1, with one space between them (RFC 9112, 3).";

    private enum Part {
        NOTHING,
        METHOD,
        TARGET,
        VERSION,
        ALL
    }

    /** Which part the next byte belongs to. */
    private Part part = Part.NOTHING;

    /** How many bytes of that part there were. */
    private int length;

    /** Whether the version so far is {@code HTTP/1.}. */
    private boolean first;

    /** Makes ready for another line. */
    void reset() {
        begin(Part.NOTHING);
    }

    /** Whether the line has been seen to its end. */
    boolean isComplete() {
        return part == Part.ALL;
    }

    /**
     * Goes on with the line.
     *
     * @param in what has arrived, from position to limit; the position stays, and the version may be changed
     * @return what is wrong with it, or null
     */
    @Nullable HttpFailure check(ByteBuffer in) {
        int end = in.limit();
        for (int at = in.position(); at < end && part != Part.ALL; at++) {
            byte b = in.get(at);
            switch (part) {
                case NOTHING -> {
                    // Empty lines before a request are overlooked (RFC 9112, 2.2).
                    if (b != '\r' && b != '\n') {
                        begin(Part.METHOD);
                    }
                }
                case METHOD, TARGET -> {
                    if (b == '\n') {
                        part = Part.ALL;
                    } else if (b != ' ') {
                        length++;
                    } else if (part == Part.TARGET && length == 0) {
                        return new HttpFailure(400, FORM);
                    } else {
                        begin(part == Part.METHOD ? Part.TARGET : Part.VERSION);
                    }
                }
                case VERSION -> {
                    if (b == '\n') {
                        part = Part.ALL;
                    } else if (!allows(b)) {
                        return new HttpFailure(400, FORM);
                    } else {
                        if (length == NAME.length + 2 && first && b > '1' && b <= '9') {
                            in.put(at, (byte) '1');
                        }
                        length++;
                    }
                }
                case ALL -> throw new AssertionError("the line is complete");
            }
        }
        return null;
    }

    /** Whether the next byte of the version may be this one. */
    private boolean allows(byte b) {
        if (length < NAME.length) {
            return b == NAME[length];
        }
        return switch (length - NAME.length) {
            case 0 -> {
                first = b == '1';
                yield isDigit(b);
            }
            case 1 -> b == '.';
            case 2 -> isDigit(b);
            default -> b == '\r';
        };
    }

    private void begin(Part next) {
        part = next;
        length = 0;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
