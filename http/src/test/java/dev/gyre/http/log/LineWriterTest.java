package dev.gyre.http.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.http.LogFormat;
import dev.gyre.testing.Property;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("T14")
class LineWriterTest {
    /** 2000-10-10T20:55:36.000123Z, the time of the example in Apache's documentation. */
    private static final long TIME = 971_211_336_000_123_000L;

    private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*+\"";
    private static final Pattern COMBINED = Pattern.compile(
            "[^ ]+ - [^ ]+ \\[[^]]*\\] " + QUOTED + " \\d{3} (?:-|\\d+) " + QUOTED + " " + QUOTED + "\n");
    private static final Pattern JSON = Pattern.compile(
            "\\{(?:\"[a-z]+\":(?:null|[0-9.]+|\"(?:[^\"\\\\]|\\\\[\"\\\\]|\\\\u[0-9a-f]{4})*+\"),?)++\\}\n");

    @Test
    void writesTheCommonFormats() {
        LogEntry entry = new LogEntry(
                TIME, 0, "127.0.0.1", "frank", "GET", "/apache_pb.gif", "HTTP/1.0", 200, 2326,
                "http://www.example.com/start.html", "Mozilla/4.08 [en] (Win98; I ;Nav)");
        String common = "127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] \"GET /apache_pb.gif HTTP/1.0\" 200 2326";
        assertThat(line(LogFormat.COMMON, entry)).isEqualTo(common + "\n");
        assertThat(line(LogFormat.COMBINED, entry))
                .isEqualTo(common + " \"http://www.example.com/start.html\" \"Mozilla/4.08 [en] (Win98; I ;Nav)\"\n");
    }

    @Test
    void writesJson() {
        LogEntry entry = new LogEntry(
                TIME, 1_000_045_000L, "::1", null, "GET", "/ä\"\\\n", "HTTP/1.1", 304, 0, null, "");
        assertThat(line(LogFormat.JSON, entry))
                .isEqualTo("{\"time\":\"2000-10-10T20:55:36.000123Z\",\"client\":\"::1\",\"user\":null,"
                        + "\"method\":\"GET\",\"target\":\"/\\u00e4\\\"\\\\\\u000a\",\"protocol\":\"HTTP/1.1\","
                        + "\"status\":304,\"bytes\":0,\"seconds\":1.000045,\"referrer\":null,\"agent\":\"\"}\n");
    }

    @Test
    void escapesAsApacheAndNginxDo() {
        LogEntry entry = new LogEntry(
                TIME, 0, "::1", "a b\"", "GET", "/\"\\\u001b[2J\r\nä", "HTTP/1.1", 200, 1, null, null);
        assertThat(line(LogFormat.COMMON, entry))
                .isEqualTo("::1 - a_b\\\" [10/Oct/2000:13:55:36 -0700] "
                        + "\"GET /\\\"\\\\\\x1b[2J\\x0d\\x0a\\xc3\\xa4 HTTP/1.1\" 200 1\n");
    }

    @Test
    void noTextLeavesItsField() {
        Property.check(draw -> {
            LogEntry entry = new LogEntry(
                    TIME, 0, "::1", "u" + draw.text(0, 9), "M" + draw.text(0, 9), draw.text(0, 99), "HTTP/1.1", 200, 1,
                    draw.text(0, 99), draw.text(0, 99));
            assertThat(line(LogFormat.COMBINED, entry)).matches(COMBINED).matches("[ -~]*\n");
            assertThat(line(LogFormat.JSON, entry)).matches(JSON).matches("[ -~]*\n");
        });
    }

    private static String line(LogFormat format, LogEntry entry) {
        LineWriter writer = new LineWriter(format, ZoneId.of("America/Los_Angeles"));
        writer.add(entry);
        return new String(writer.bytes(), 0, writer.length(), StandardCharsets.US_ASCII);
    }
}
