package dev.gyre.http.log;

import dev.gyre.http.LogFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Entries as lines of ASCII, one after the other. For one task.
 *
 * <p>What a client sent can neither begin a line nor end a field nor reach the terminal of who reads the log: in the
 * common formats, quotation marks and backslashes have a backslash before them, and every byte that is no printable
 * ASCII is {@code \xHH}, as Apache and nginx write it; in JSON it is what RFC 8259 has for that.
 */
final class LineWriter {
    private static final long SECOND = 1_000_000_000L;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final LogFormat format;
    private final DateTimeFormatter time;
    private byte[] bytes = new byte[8 << 10];
    private int length;

    /** The second whose text {@link #secondText} is. */
    private long second = Long.MIN_VALUE;

    private String secondText = "";

    LineWriter(LogFormat format, ZoneId zone) {
        this.format = format;
        String pattern = format == LogFormat.JSON ? "uuuu-MM-dd'T'HH:mm:ss" : "dd/MMM/uuuu:HH:mm:ss Z";
        this.time = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                .withZone(format == LogFormat.JSON ? ZoneOffset.UTC : zone);
    }

    /** The lines since {@link #clear()}; only up to {@link #length()}. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    /** Appends a line. */
    void add(LogEntry entry) {
        switch (format) {
            case COMMON -> addCommon(entry);
            case COMBINED -> {
                addCommon(entry);
                ascii(" ");
                quoted(entry.referrer());
                ascii(" ");
                quoted(entry.agent());
            }
            case JSON -> addJson(entry);
        }
        put('\n');
    }

    private void addCommon(LogEntry entry) {
        escaped(entry.client());
        ascii(" - ");
        if (entry.user() == null) {
            put('-');
        } else {
            // A space would end the field.
            escaped(entry.user().replace(' ', '_'));
        }
        ascii(" [");
        ascii(second(entry.timeNanos()));
        ascii("] ");
        if (entry.method().isEmpty()) {
            quoted(null);
        } else {
            put('"');
            escaped(entry.method());
            put(' ');
            escaped(entry.target());
            put(' ');
            ascii(entry.protocol());
            put('"');
        }
        put(' ');
        ascii(Integer.toString(entry.status()));
        put(' ');
        ascii(entry.bytes() == 0 ? "-" : Long.toString(entry.bytes()));
    }

    private void addJson(LogEntry entry) {
        ascii("{\"time\":\"");
        ascii(second(entry.timeNanos()));
        put('.');
        digits(Math.floorMod(entry.timeNanos(), SECOND) / 1000, 6);
        ascii("Z\",\"client\":");
        json(entry.client());
        ascii(",\"user\":");
        json(entry.user());
        ascii(",\"method\":");
        json(entry.method());
        ascii(",\"target\":");
        json(entry.target());
        ascii(",\"protocol\":");
        json(entry.protocol());
        ascii(",\"status\":");
        ascii(Integer.toString(entry.status()));
        ascii(",\"bytes\":");
        ascii(Long.toString(entry.bytes()));
        ascii(",\"seconds\":");
        long elapsed = Math.max(0, entry.elapsedNanos());
        ascii(Long.toString(elapsed / SECOND));
        put('.');
        digits(elapsed % SECOND / 1000, 6);
        ascii(",\"referrer\":");
        json(entry.referrer());
        ascii(",\"agent\":");
        json(entry.agent());
        put('}');
    }

    private String second(long nanos) {
        long wanted = Math.floorDiv(nanos, SECOND);
        if (wanted != second) {
            second = wanted;
            secondText = time.format(Instant.ofEpochSecond(wanted));
        }
        return secondText;
    }

    private void digits(long number, int count) {
        long scale = 1;
        for (int i = 1; i < count; i++) {
            scale *= 10;
        }
        for (; scale > 0; scale /= 10) {
            put((char) ('0' + number / scale % 10));
        }
    }

    private void quoted(@Nullable String text) {
        put('"');
        escaped(text == null || text.isEmpty() ? "-" : text);
        put('"');
    }

    private void escaped(String text) {
        if (isPlain(text)) {
            ascii(text);
            return;
        }
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b == '"' || b == '\\') {
                put('\\');
                put((char) b);
            } else if (b >= ' ' && b < 0x7f) {
                put((char) b);
            } else {
                ascii("\\x");
                hex(b, 2);
            }
        }
    }

    private void json(@Nullable String text) {
        if (text == null) {
            ascii("null");
            return;
        }
        put('"');
        if (isPlain(text)) {
            ascii(text);
        } else {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"' || c == '\\') {
                    put('\\');
                    put(c);
                } else if (c >= ' ' && c < 0x7f) {
                    put(c);
                } else {
                    ascii("\\u");
                    hex(c, 4);
                }
            }
        }
        put('"');
    }

    /** Whether there is nothing to escape. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private void hex(int value, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            put((char) HEX[value >> shift & 15]);
        }
    }

    @SuppressWarnings("deprecation") // the one method of String that copies ASCII without an array in between
    private void ascii(String text) {
        ensure(text.length());
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
    }

    private void put(char c) {
        ensure(1);
        bytes[length++] = (byte) c;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
