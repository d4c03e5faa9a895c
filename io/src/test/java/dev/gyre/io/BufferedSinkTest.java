package dev.gyre.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.testing.Draw;
import dev.gyre.testing.Property;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writing bytes, numbers and text to a sink that takes them as it likes, and whatever fails in between. */
@Tag("T25")
final class BufferedSinkTest {
    private static final int CALLS = 40;

    private static List<Integer> pieces(Draw draw, int min) {
        return draw.list(0, 100, one -> one.between(min, 50));
    }

    @Test
    void everythingArrivesInOrder() {
        Property.check(draw -> {
            MemorySink below = new MemorySink(pieces(draw, 1));
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            try (BufferedSink sink = new BufferedSink(below, draw.between(BufferedSink.CAPACITY_MIN, 64))) {
                for (int i = 0; i < CALLS; i++) {
                    step(draw, sink, expected);
                    assertThat(below.content().length + sink.buffered()).isEqualTo(expected.size());
                }
            }
            assertThat(below.isClosed()).isTrue();
            assertThat(below.content()).isEqualTo(expected.toByteArray());
        });
    }

    private static void step(Draw draw, BufferedSink sink, ByteArrayOutputStream expected) throws IoException {
        long number = draw.between(Long.MIN_VALUE / 2 + 1, Long.MAX_VALUE / 2);
        ByteOrder order = draw.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(order);
        switch (draw.between(0, 9)) {
            case 0 -> {
                sink.writeByte((int) number);
                bytes.put((byte) number);
            }
            case 1 -> {
                sink.writeShort((int) number, order);
                bytes.putShort((short) number);
            }
            case 2 -> {
                sink.writeInt((int) number, order);
                bytes.putInt((int) number);
            }
            case 3 -> {
                sink.writeLong(number, order);
                bytes.putLong(number);
            }
            case 4 -> {
                byte[] some = draw.bytes(0, 100);
                sink.writeAll(some);
                expected.writeBytes(some);
            }
            case 5 -> {
                byte[] some = draw.bytes(0, 100);
                int count = sink.write(MemorySegment.ofArray(some));
                assertThat(count).isBetween(Math.min(1, some.length), some.length);
                expected.write(some, 0, count);
            }
            case 6 -> {
                String text = draw.text(0, 50);
                sink.writeText(text);
                expected.writeBytes(text.getBytes(UTF_8));
            }
            case 7 -> {
                int count = draw.between(0, 200);
                sink.splat((int) number, count);
                byte[] many = new byte[count];
                Arrays.fill(many, (byte) number);
                expected.writeBytes(many);
            }
            case 8 -> {
                byte[] pattern = draw.bytes(0, 20);
                int count = draw.between(0, 10);
                sink.splat(pattern, count);
                for (int i = 0; i < count; i++) {
                    expected.writeBytes(pattern);
                }
            }
            default -> {
                sink.flush();
                assertThat(sink.buffered()).isZero();
            }
        }
        expected.write(bytes.array(), 0, bytes.position());
    }

    /** What the sink below did not take goes on with the next flush. */
    @Test
    void aFailureInBetweenLosesNothing() {
        Property.check(draw -> {
            MemorySink below = new MemorySink(pieces(draw, 0));
            BufferedSink sink = new BufferedSink(below, draw.between(BufferedSink.CAPACITY_MIN, 64));
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (int i = 0; i < CALLS; i++) {
                byte[] few = draw.bytes(0, BufferedSink.CAPACITY_MIN - 1);
                while (true) {
                    try {
                        sink.writeAll(few);
                        expected.writeBytes(few);
                        break;
                    } catch (IoException | CanceledException failed) {
                        assertThat(below.content().length + sink.buffered()).isEqualTo(expected.size());
                    }
                }
            }
            while (sink.buffered() > 0) {
                try {
                    sink.flush();
                } catch (IoException | CanceledException failed) {
                    assertThat(below.content().length + sink.buffered()).isEqualTo(expected.size());
                }
            }
            assertThat(below.content()).isEqualTo(expected.toByteArray());
        });
    }

    @Test
    void everyCharacterIsEncodedAsByTheJdk() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i <= Character.MAX_CODE_POINT; i += i < 0x11000 ? 1 : 997) {
            all.appendCodePoint(i).append('x');
        }
        MemorySink below = new MemorySink(List.of());
        BufferedSink sink = new BufferedSink(below);
        sink.writeText(all);
        sink.writeText("");
        sink.flush();
        assertThat(below.content()).isEqualTo(all.toString().getBytes(UTF_8));
    }

    @Test
    void manySmallWritesAreFew() throws Exception {
        MemorySink below = new MemorySink(List.of());
        BufferedSink sink = new BufferedSink(below, 1000);
        for (int i = 0; i < 1000; i++) {
            sink.writeInt(i);
        }
        sink.flush();
        sink.flush();
        assertThat(below.writes()).isEqualTo(4);
    }

    @Test
    void closingHandsOnAndClosesWhateverFails() {
        for (int failures = 0; failures < 2; failures++) {
            MemorySink below = new MemorySink(failures == 0 ? List.of(1, 0) : List.of(0));
            BufferedSink sink = new BufferedSink(below);
            assertThatThrownBy(() -> {
                try (sink) {
                    sink.writeText("ab");
                }
            }).isInstanceOfSatisfying(IoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BROKEN_PIPE));
            assertThat(below.isClosed()).isTrue();
            assertThat(sink.buffered()).isEqualTo(1 + failures);
            assertThatThrownBy(() -> sink.writeByte(1)).hasMessage("write memory: closed");
            assertThatThrownBy(sink::flush).hasMessage("write memory: closed");
        }
    }

    @Test
    void closingAgainDoesNothing() throws Exception {
        BufferedSink sink = new BufferedSink(new MemorySink(List.of()));
        sink.close();
        sink.close();
        assertThatThrownBy(() -> sink.splat(0, 1)).hasMessage("write memory: closed");
    }

    @Test
    void refusesWhatMakesNoSense() {
        BufferedSink sink = new BufferedSink(new MemorySink(List.of()), 16);
        assertThatIllegalArgumentException().isThrownBy(() -> new BufferedSink(sink, 15));
        assertThatIllegalArgumentException().isThrownBy(() -> sink.splat(0, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> sink.splat(new byte[1], -1));
    }

    @Test
    void whatIsCopiedComesAfterWhatIsHere() throws Exception {
        MemorySink below = new MemorySink(List.of());
        BufferedSink sink = new BufferedSink(below);
        sink.writeText("head ");
        assertThat(new MemorySource("body".getBytes(UTF_8), List.of(1)).transferTo(sink)).isEqualTo(4);
        sink.writeText(" tail");
        sink.flush();
        assertThat(new String(below.content(), UTF_8)).isEqualTo("head body tail");
    }
}
