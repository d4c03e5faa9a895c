package dev.gyre.http.coding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.testing.Property;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 1952, read back by the JDK. */
@Tag("T14")
class GzipTest {
    @Test
    void whatIsCompressedComesBack() {
        Property.check(draw -> {
            byte[] content = draw.text(0, 2000).getBytes(StandardCharsets.UTF_8);
            byte[] shorter = Gzip.of(content);
            if (shorter != content) {
                assertThat(shorter).hasSizeLessThan(content.length);
                assertThat(unzipped(shorter)).isEqualTo(content);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 19, 100, 8192})
    void takesWhateverRoomThereIs(int room) throws IOException {
        byte[] content = new byte[300_000];
        new Random(room).nextBytes(content);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[room];
        try (Gzip gzip = new Gzip()) {
            int given = 0;
            for (int taken = gzip.take(buffer, 0, room); taken >= 0; taken = gzip.take(buffer, 0, room)) {
                out.write(buffer, 0, taken);
                if (taken == 0 && given < content.length) {
                    int count = Math.min(1000, content.length - given);
                    gzip.put(content, given, count);
                    given += count;
                } else if (taken == 0) {
                    gzip.end();
                }
            }
        }
        assertThat(unzipped(out.toByteArray())).isEqualTo(content);
    }

    @Test
    void whatDoesNotBecomeShorterStays() {
        byte[] noise = new byte[1000];
        new Random(1).nextBytes(noise);
        assertThat(Gzip.of(noise)).isSameAs(noise);
        assertThat(Gzip.of(new byte[0])).isEmpty();
        for (int length = 0; length < 200; length++) {
            byte[] same = new byte[length];
            assertThat(Gzip.of(same).length).isLessThanOrEqualTo(length);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text/html; charset=utf-8, true", "text/plain, true", "application/json, true", "image/svg+xml, true",
        "application/ld+json, true", "TEXT/CSS, true", "application/wasm, true", "image/png, false",
        "application/zip, false", "video/mp4, false", "application/octet-stream, false", "font/woff2, false"
    })
    void knowsWhatIsText(String type, boolean suits) {
        assertThat(Gzip.suits(type)).isEqualTo(suits);
    }

    private static byte[] unzipped(byte[] zipped) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return in.readAllBytes();
        }
    }
}
