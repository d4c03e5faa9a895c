package dev.gyre.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoExchangeTest {
    private final Arena arena = Arena.ofAuto();

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 64})
    void everySplitOfTheAnswerIsTaken(int size) throws IOException {
        EchoExchange exchange = new EchoExchange(arena, 2, size);
        MemorySegment answer = exchange.requests()[1];
        for (int first = 1; first < size; first++) {
            assertThat(exchange.take(1, answer, 0, first)).isFalse();
            assertThat(exchange.take(1, answer, first, size - first)).isTrue();
        }
        assertThat(exchange.take(1, answer, 0, size)).isTrue();
    }

    @Test
    void aChangedByteIsTold() {
        EchoExchange exchange = new EchoExchange(arena, 1, 64);
        MemorySegment answer = arena.allocate(64).copyFrom(exchange.requests()[0]);
        answer.set(ValueLayout.JAVA_BYTE, 40, (byte) ~answer.get(ValueLayout.JAVA_BYTE, 40));

        assertThatThrownBy(() -> exchange.take(0, answer, 0, 64))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("byte 40 came back changed");
    }

    @Test
    void theAnswerToAnEarlierRequestIsNotTaken() throws IOException {
        EchoExchange exchange = new EchoExchange(arena, 1, 64);
        MemorySegment earlier = arena.allocate(64).copyFrom(exchange.requests()[0]);
        assertThat(exchange.take(0, earlier, 0, 64)).isTrue();
        exchange.renew(0);

        assertThatThrownBy(() -> exchange.take(0, earlier, 0, 64)).hasMessageContaining("came back changed");
    }

    @Test
    void theAnswerToAnotherConnectionIsNotTaken() {
        EchoExchange exchange = new EchoExchange(arena, 2, 64);

        assertThatThrownBy(() -> exchange.take(0, exchange.requests()[1], 0, 64))
                .hasMessageContaining("connection 0");
    }

    @Test
    void moreThanWasSentIsTold() {
        EchoExchange exchange = new EchoExchange(arena, 1, 64);

        assertThatThrownBy(() -> exchange.take(0, arena.allocate(65), 0, 65))
                .hasMessageContaining("65 bytes came back of 64");
    }
}
