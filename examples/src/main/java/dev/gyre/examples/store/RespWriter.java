package dev.gyre.examples.store;

import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of RESP, one value after the other, in a buffer that grows. */
final class RespWriter {
    private static final int BYTES_MIN = 512;

    /** Of a larger buffer there is little use when it is empty. */
    private static final int BYTES_KEPT = 1 << 16;

    private static final byte[] OK = ascii("+OK\r\n");
    private static final byte[] NULL = ascii("$-1\r\n");
    private static final byte[] NULL_OF_3 = ascii("_\r\n");
    private static final byte[] LINE_END = ascii("\r\n");

    private byte[] bytes = new byte[BYTES_MIN];
    private int length;
    private int lengthMax = Integer.MAX_VALUE;
    private boolean ofVersion3;

    /** More is to be written than may be. Without a stack trace. */
    static final class LimitException extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private LimitException(int lengthMax) {
            super("more than " + lengthMax + " bytes", null, false, false);
        }
    }

    /** By which version of RESP nulls and maps are written: 2 or 3. */
    int version() {
        return ofVersion3 ? 3 : 2;
    }

    void version(int version) {
        ofVersion3 = version == 3;
    }

    int length() {
        return length;
    }

    /** With more bytes than that, no further string is taken. */
    void lengthMax(int max) {
        lengthMax = max;
    }

    /** The buffer, of which {@link #length} bytes count; it changes with the next one that is written. */
    byte[] bytes() {
        return bytes;
    }

    /** A copy of what was written. */
    byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Forgets what was written. */
    void clear() {
        length = 0;
        if (bytes.length > BYTES_KEPT) {
            bytes = new byte[BYTES_MIN];
        }
    }

    /** Forgets what was written after so many bytes. */
    void cutOff(int from) {
        length = from;
    }

    void ok() {
        raw(OK);
    }

    void simple(String text) {
        line('+', text);
    }

    void error(String text) {
        line('-', text);
    }

    void integer(long value) {
        number(':', value);
    }

    void nullValue() {
        raw(ofVersion3 ? NULL_OF_3 : NULL);
    }

    void array(long count) {
        number('*', count);
    }

    /** A map, of which keys and values follow in turn. */
    void map(int pairs) {
        if (ofVersion3) {
            number('%', pairs);
        } else {
            array(2L * pairs);
        }
    }

    void bulk(byte[] value) {
        bulk(value, 0, value.length);
    }

    void bulk(byte[] value, int from, int to) {
        if (length > lengthMax) {
            throw new LimitException(lengthMax);
        }
        number('$', to - from);
        raw(value, from, to);
        raw(LINE_END);
    }

    void bulk(String text) {
        bulk(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Text that is meant for people. */
    void verbatim(String text) {
        if (ofVersion3) {
            byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
            number('=', content.length + 4L);
            raw(ascii("txt:"));
            raw(content);
            raw(LINE_END);
        } else {
            bulk(text);
        }
    }

    /** Bytes as they are. */
    void raw(byte[] value, int from, int to) {
        int count = to - from;
        reserve(count);
        System.arraycopy(value, from, bytes, length, count);
        length += count;
    }

    private void raw(byte[] value) {
        raw(value, 0, value.length);
    }

    /** A line; what the text has of line ends becomes blanks. */
    private void line(char type, String text) {
        byte[] content = text.replace('\r', ' ').replace('\n', ' ').getBytes(StandardCharsets.ISO_8859_1);
        reserve(1);
        bytes[length++] = (byte) type;
        raw(content);
        raw(LINE_END);
    }

    private void number(char type, long value) {
        if (value < 0 || value > Integer.MAX_VALUE) {
            line(type, Long.toString(value));
            return;
        }
        int rest = (int) value;
        int digits = 1;
        for (int power = rest; power >= 10; power /= 10) {
            digits++;
        }
        reserve(digits + 3);
        bytes[length] = (byte) type;
        for (int at = length + digits; at > length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits + 1;
        bytes[length++] = '\r';
        bytes[length++] = '\n';
    }

    private void reserve(int count) {
        int needed = Math.addExact(length, count);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(2L * bytes.length, needed), Integer.MAX_VALUE - 8L));
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
