package dev.gyre.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpExchangeTest {
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nServer: x\r\ncontent-LENGTH:  5\r\nDate: now\r\n\r\nhello";

    private final Arena arena = Arena.ofAuto();
    private final HttpExchange exchange = new HttpExchange(arena, 1, "/file", 5);

    @Test
    void asksForThePath() {
        byte[] request = exchange.requests()[0].toArray(ValueLayout.JAVA_BYTE);

        assertThat(new String(request, StandardCharsets.US_ASCII))
                .startsWith("GET /file HTTP/1.1\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void everySplitOfTheAnswerIsTaken() throws IOException {
        MemorySegment answer = bytes(ANSWER);
        int size = ANSWER.length();
        for (int first = 1; first < size; first++) {
            for (int second = first; second < size; second++) {
                assertThat(exchange.take(0, answer, 0, first)).isFalse();
                if (second > first) {
                    assertThat(exchange.take(0, answer, first, second - first)).isFalse();
                }
                assertThat(exchange.take(0, answer, second, size - second)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 404 Not Found~Content-Length: 5~~hello | 404 Not Found",
                "HTTP/1.1 200 OK~Content-Length: 4~~hell | did not announce 5 bytes",
                "HTTP/1.1 200 OK~Content-Length: 50~~hello | did not announce 5 bytes",
                "HTTP/1.1 200 OK~Server: x~~hello | without a Content-Length",
                "HTTP/1.1 200 OK~Content-Length: 5~~hello! | more bytes than the Content-Length"
            })
    void aWrongAnswerIsTold(String answer, String complaint) {
        MemorySegment bytes = bytes(answer.replace("~", "\r\n"));

        assertThatThrownBy(() -> exchange.take(0, bytes, 0, (int) bytes.byteSize()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void aHeadWithoutEndIsTold() {
        MemorySegment bytes = bytes("x".repeat(5000));

        assertThatThrownBy(() -> exchange.take(0, bytes, 0, 5000)).hasMessageContaining("no end of the head");
    }

    private MemorySegment bytes(String text) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
