package dev.gyre.http;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.DateGenerator;

/** The value of {@code Date}, made once a second. Any thread may ask. */
final class HttpDate {
    /** How long the text is: {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    static final int LENGTH = 29;

    private static final long SECOND = 1_000_000_000L;

    private volatile Text latest = new Text(Long.MIN_VALUE);

    /**
     * The date.
     *
     * @param now on {@link dev.gyre.io.Clock#REAL}, in nanoseconds
     * @return its text
     */
    Text at(long now) {
        long second = Math.floorDiv(now, SECOND);
        Text text = latest;
        if (text.second != second) {
            text = new Text(second);
            latest = text;
        }
        return text;
    }

    /** The text of one second. */
    static final class Text {
        private final long second;
        private final String text;
        private final byte[] bytes;

        private Text(long second) {
            this.second = second;
            this.text = second == Long.MIN_VALUE ? "" : DateGenerator.formatDate(second * 1000);
            this.bytes = text.getBytes(StandardCharsets.US_ASCII);
        }

        /** {@value #LENGTH} bytes, which the caller does not change. */
        byte[] bytes() {
            return bytes;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
