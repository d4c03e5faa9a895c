package dev.gyre.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.testing.Draw;
import dev.gyre.testing.Property;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Taking bytes, numbers, lines and frames from a stream, however it is cut, and whatever fails in between. */
@Tag("T25")
final class BufferedSourceTest {
    private static final int CALLS = 40;

    /** Few kinds of bytes, so that delimiters are found and nearly found. */
    private static byte[] content(Draw draw) {
        List<Byte> bytes = draw.list(0, 300, one -> one.of((byte) 'a', (byte) '\n', (byte) '\r', (byte) 0xc3));
        byte[] content = new byte[bytes.size()];
        for (int i = 0; i < content.length; i++) {
            content[i] = bytes.get(i);
        }
        return content;
    }

    private static List<Integer> pieces(Draw draw, int min) {
        return draw.list(0, 100, one -> one.between(min, 50));
    }

    /** What a source must do, without a buffer. */
    private static final class Model {
        private final byte[] content;
        private int at;

        Model(byte[] content) {
            this.content = content;
        }

        int left() {
            return content.length - at;
        }

        byte[] next(int count) {
            return Arrays.copyOfRange(content, at, at + Math.min(count, left()));
        }

        byte[] take(int count) {
            byte[] taken = next(count);
            at += taken.length;
            return taken;
        }

        ByteBuffer takeNumber(int bytes) {
            return ByteBuffer.wrap(take(bytes));
        }

        /** How many bytes come before a sequence, or -1. */
        int indexOf(byte[] wanted, int max) {
            for (int from = at; from + wanted.length <= Math.min(content.length, at + (long) max); from++) {
                if (Arrays.equals(content, from, from + wanted.length, wanted, 0, wanted.length)) {
                    return from - at;
                }
            }
            return -1;
        }
    }

    @Test
    void everyCallAnswersAsIfTheStreamWereInOnePiece() {
        Property.check(draw -> {
            byte[] content = content(draw);
            int capacity = draw.between(BufferedSource.CAPACITY_MIN, 64);
            BufferedSource source = new BufferedSource(new MemorySource(content, pieces(draw, 1)), capacity);
            Model model = new Model(content);
            for (int i = 0; i < CALLS; i++) {
                step(draw, source, model, capacity);
                assertThat(source.position()).isEqualTo(model.at);
            }
        });
    }

    /** What failed is done again, and has lost nothing. */
    @Test
    void aFailureInBetweenLosesNothing() {
        Property.check(draw -> {
            byte[] content = content(draw);
            int capacity = draw.between(BufferedSource.CAPACITY_MIN, 64);
            MemorySource below = new MemorySource(content, pieces(draw, 0));
            BufferedSource source = new BufferedSource(below, capacity);
            Model model = new Model(content);
            for (int i = 0; i < CALLS; i++) {
                int count = draw.between(0, capacity);
                int max = draw.between(0, 100);
                switch (draw.between(0, 6)) {
                    case 0 -> again(below, () -> {
                        if (model.left() < count) {
                            assertEnds(() -> source.readFully(new byte[count]));
                        } else {
                            byte[] taken = new byte[count];
                            source.readFully(taken);
                            assertThat(taken).isEqualTo(model.take(count));
                        }
                    });
                    case 1 -> again(below, () -> assertReadsLine(source, model, max));
                    case 2 -> again(below, () -> assertReadsUntil(source, model, new byte[] {'\r', '\n'}, max));
                    case 3 -> again(below, () -> assertReadsExactly(source, model, max));
                    case 4 -> again(below, () -> assertReadsAll(source, model, max));
                    case 5 -> {
                        MemorySink sink = new MemorySink(pieces(draw, 0));
                        long before = source.position();
                        try {
                            source.transferTo(sink, max);
                        } catch (IoException | CanceledException failed) {
                            assertThat(failed.getMessage()).isNotEqualTo("");
                        }
                        assertThat(sink.content()).isEqualTo(model.take((int) (source.position() - before)));
                    }
                    default -> {
                        long before = source.position();
                        byte[] target = new byte[max];
                        try {
                            source.readFully(target);
                        } catch (IoException | CanceledException failed) {
                            assertThat(failed.getMessage()).isNotEqualTo("");
                        }
                        byte[] taken = model.take((int) (source.position() - before));
                        assertThat(Arrays.copyOf(target, taken.length)).isEqualTo(taken);
                    }
                }
                assertThat(source.position()).isEqualTo(model.at);
            }
        });
    }

    private static void again(MemorySource below, Action<IoException> call) throws IoException {
        while (true) {
            int before = below.failures();
            try {
                call.run();
                return;
            } catch (IoException | CanceledException failed) {
                if (below.failures() == before) {
                    throw failed;
                }
            }
        }
    }

    private static void step(Draw draw, BufferedSource source, Model model, int capacity) throws IoException {
        int count = draw.between(0, 100);
        int few = Math.min(count, capacity);
        boolean big = draw.between(0, 1) == 0;
        ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        byte[] delimiter = draw.of(new byte[] {'\n'}, new byte[] {'\r', '\n'}, new byte[] {'\n', 'a', '\n'});
        switch (draw.between(0, 17)) {
            case 0 -> assertThat(source.read()).isEqualTo(byteOrEnd(model.take(1)));
            case 1 -> assertThat(source.peek()).isEqualTo(byteOrEnd(model.next(1)));
            case 2 -> assertThat(source.peek(few).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(model.next(few));
            case 3 -> assertThat(source.request(few)).isEqualTo(model.left() >= few);
            case 4 -> assertThat(source.isAtEnd()).isEqualTo(model.left() == 0);
            case 5 -> {
                if (model.left() >= Short.BYTES) {
                    assertThat(source.readShort(order)).isEqualTo(model.takeNumber(2).order(order).getShort());
                } else {
                    assertEnds(source::readShort);
                }
            }
            case 6 -> {
                if (model.left() >= Integer.BYTES) {
                    assertThat(source.readInt(order)).isEqualTo(model.takeNumber(4).order(order).getInt());
                } else {
                    assertEnds(source::readInt);
                }
            }
            case 7 -> {
                if (model.left() >= Long.BYTES) {
                    assertThat(source.readLong(order)).isEqualTo(model.takeNumber(8).order(order).getLong());
                } else {
                    assertEnds(source::readLong);
                }
            }
            case 8 -> {
                if (model.left() >= 1) {
                    assertThat(source.readByte()).isEqualTo(model.take(1)[0]);
                } else {
                    assertEnds(source::readByte);
                }
            }
            case 9 -> assertReads(source, model, count, big);
            case 10 -> assertReadsFully(source, model, count, big);
            case 11 -> assertReadsExactly(source, model, count);
            case 12 -> assertThat(source.skip(count)).isEqualTo(model.take(count).length);
            case 13 -> assertReadsLine(source, model, count);
            case 14 -> assertReadsUntil(source, model, delimiter, count);
            case 15 -> assertThat(source.indexOf(delimiter, count)).isEqualTo(model.indexOf(delimiter, count));
            case 16 -> {
                int at = model.indexOf(new byte[] {'\n'}, model.left());
                assertThat(source.skipPast((byte) '\n')).isEqualTo(at >= 0);
                model.take(at < 0 ? model.left() : at + 1);
            }
            default -> {
                MemorySink sink = new MemorySink(pieces(draw, 1));
                Source from = big ? source.limit(count) : source;
                long copied = big ? from.transferTo(sink) : from.transferTo(sink, count);
                byte[] expected = model.take(count);
                assertThat(sink.content()).isEqualTo(expected);
                assertThat(copied).isEqualTo(expected.length);
            }
        }
    }

    private static int byteOrEnd(byte[] bytes) {
        return bytes.length == 0 ? -1 : Byte.toUnsignedInt(bytes[0]);
    }

    private static void assertReads(BufferedSource source, Model model, int count, boolean array) throws IoException {
        byte[] target = new byte[count];
        int read = array ? source.read(target) : source.read(MemorySegment.ofArray(target));
        if (count == 0) {
            assertThat(read).isZero();
        } else if (model.left() == 0) {
            assertThat(read).isEqualTo(-1);
        } else {
            assertThat(read).isPositive();
            assertThat(Arrays.copyOf(target, read)).isEqualTo(model.take(read));
        }
    }

    private static void assertReadsFully(BufferedSource source, Model model, int count, boolean array)
            throws IoException {
        byte[] target = new byte[count];
        ThrowingCallable call = () -> {
            if (array) {
                source.readFully(target);
            } else {
                source.readFully(MemorySegment.ofArray(target));
            }
        };
        if (model.left() < count) {
            assertEnds(call);
            int moved = (int) source.position() - model.at;
            assertThat(Arrays.copyOf(target, moved)).isEqualTo(model.take(moved));
            assertThat(source.buffered()).isEqualTo(model.left());
        } else {
            assertThatNoFailure(call);
            assertThat(target).isEqualTo(model.take(count));
        }
    }

    private static void assertReadsExactly(BufferedSource source, Model model, int count) throws IoException {
        if (model.left() < count) {
            assertEnds(() -> source.readExactly(count));
            assertThat(source.buffered()).isEqualTo(model.left());
        } else {
            assertThat(source.readExactly(count)).isEqualTo(model.take(count));
        }
    }

    private static void assertReadsLine(BufferedSource source, Model model, int max) throws IoException {
        int at = model.indexOf(new byte[] {'\n'}, model.left());
        int line = at < 0 ? model.left() : at;
        int length = at > 0 && model.content[model.at + at - 1] == '\r' ? at - 1 : line;
        if (length > max) {
            assertTooLong(() -> source.readLine(max));
            return;
        }
        String expected = model.left() == 0 ? null : new String(model.next(length), UTF_8);
        assertThat(source.readLine(max)).isEqualTo(expected);
        model.take(at < 0 ? line : line + 1);
    }

    private static void assertReadsUntil(BufferedSource source, Model model, byte[] delimiter, int max)
            throws IoException {
        int at = model.indexOf(delimiter, model.left());
        if (at > max || (at < 0 && model.left() >= max + delimiter.length)) {
            assertTooLong(() -> source.readUntil(delimiter, max));
        } else if (at < 0 && model.left() > 0) {
            assertEnds(() -> source.readUntil(delimiter, max));
            assertThat(source.buffered()).isEqualTo(model.left());
        } else {
            byte @Nullable [] expected = at < 0 ? null : model.next(at);
            assertThat(source.readUntil(delimiter, max)).isEqualTo(expected);
            model.take(at < 0 ? 0 : at + delimiter.length);
        }
    }

    private static void assertReadsAll(BufferedSource source, Model model, int max) throws IoException {
        if (model.left() > max) {
            assertTooLong(() -> source.readAll(max));
        } else {
            assertThat(source.readAll(max)).isEqualTo(model.take(max));
        }
    }

    private static void assertThatNoFailure(ThrowingCallable call) throws IoException {
        try {
            call.call();
        } catch (IoException | RuntimeException failed) {
            throw failed;
        } catch (Throwable other) {
            throw new AssertionError(other);
        }
    }

    private static void assertEnds(ThrowingCallable call) throws IoException {
        assertFails(Reason.END_OF_STREAM, call);
    }

    private static void assertTooLong(ThrowingCallable call) throws IoException {
        assertFails(Reason.TOO_LONG, call);
    }

    /** What the source below failed with is thrown on. */
    private static void assertFails(Reason reason, ThrowingCallable call) throws IoException {
        Throwable thrown = catchThrowable(call);
        rethrowOthers(thrown);
        assertThat(thrown).isInstanceOfSatisfying(IoException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static void rethrowOthers(Throwable thrown) throws IoException {
        if (thrown instanceof CanceledException canceled) {
            throw canceled;
        }
        if (thrown instanceof IoException failure && failure.operation() != Operation.READ_BUFFERED) {
            throw failure;
        }
    }

    @Test
    void anEarlyEndSaysHowMuchHadCome() {
        BufferedSource source = new BufferedSource(new MemorySource("abc".getBytes(UTF_8), List.of(1, 1)));

        IoException failure = catchThrowableOfType(IoException.class, source::readLong);

        assertThat(failure).hasMessage("read memory (3 of 8 bytes): the stream ended early");
        assertThat(failure.reason()).isEqualTo(Reason.END_OF_STREAM);
        assertThat(source.buffered()).isEqualTo(3);
    }

    @Test
    void aLineThatIsTooLongCanBeSkipped() throws Exception {
        byte[] content = ("x".repeat(5000) + "\nnext\r\nlast").getBytes(UTF_8);
        BufferedSource source = new BufferedSource(new MemorySource(content, List.of(1000, 3000)), 100);

        assertThatThrownBy(() -> source.readLine(4999))
                .isInstanceOf(IoException.class)
                .hasMessage("read memory (at most 4999 bytes): it is longer than allowed");
        assertThat(source.position()).isZero();
        assertThat(source.skipPast((byte) '\n')).isTrue();
        assertThat(source.readLine(4)).isEqualTo("next");
        assertThat(source.readLine(4)).isEqualTo("last");
        assertThat(source.readLine(4)).isNull();
        assertThat(source.skipPast((byte) '\n')).isFalse();
    }

    @Test
    void aLineMayBeAsLongAsItsLimit() throws Exception {
        byte[] content = ("x".repeat(5000) + "\r\n").repeat(2).getBytes(UTF_8);
        BufferedSource source = new BufferedSource(new MemorySource(content, List.of()), 16);

        assertThat(source.readLine(5000)).hasSize(5000);
        assertThat(source.readLineBytes(5000)).hasSize(5000);
        assertThat(source.readLineBytes(5000)).isNull();
    }

    /** A peer that says how much will come may lie. */
    @Test
    void roomIsMadeForWhatComesNotForWhatIsAnnounced() {
        BufferedSource source = new BufferedSource(new MemorySource(new byte[100], List.of()));

        assertThatThrownBy(() -> source.readExactly(Integer.MAX_VALUE - 8))
                .hasMessageEndingWith("(100 of 2147483639 bytes): the stream ended early");
    }

    @Test
    void largeReadsGoPastTheBuffer() throws Exception {
        BufferedSource source = new BufferedSource(new MemorySource(new byte[1000], List.of()), 16);

        assertThat(source.read(new byte[500])).isEqualTo(500);
        assertThat(source.buffered()).isZero();
        assertThat(source.read()).isZero();
        assertThat(source.buffered()).isEqualTo(15);
    }

    @Test
    void readsTextAndMalformedText() throws Exception {
        byte[] content = "gr\u00fc\u00df Gott \ud83d\ude00".getBytes(UTF_8);
        assertThat(new BufferedSource(new MemorySource(content, List.of(3))).readAllText(100))
                .isEqualTo("gr\u00fc\u00df Gott \ud83d\ude00");
        assertThat(new BufferedSource(new MemorySource(content, List.of(1, 1, 1))).readText(3)).isEqualTo("gr\ufffd");
    }

    @Test
    void refusesWhatMakesNoSense() {
        BufferedSource source = new BufferedSource(new MemorySource(new byte[100], List.of()), 16);

        assertThatIllegalArgumentException().isThrownBy(() -> new BufferedSource(source, 15));
        assertThatIllegalArgumentException().isThrownBy(() -> source.peek(17))
                .withMessage("count 17 is not from 0 to the buffer's capacity of 16");
        assertThatIllegalArgumentException().isThrownBy(() -> source.request(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> source.readLine(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> source.readUntil(new byte[0], 1));
        assertThatIllegalArgumentException().isThrownBy(() -> source.readExactly(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> source.skip(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> source.limit(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> source.transferTo(new MemorySink(List.of()), -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.readFully(MemorySegment.ofArray(new byte[1]).asReadOnly()));
        assertThat(source.position()).isZero();
    }

    @Test
    void closingClosesWhatIsBelow() throws Exception {
        MemorySource below = new MemorySource(new byte[100], List.of());
        BufferedSource source = new BufferedSource(below);
        source.readByte();

        source.close();
        source.close();

        assertThat(below.isClosed()).isTrue();
        for (ThrowingCallable call : List.<ThrowingCallable>of(source::read, source::readInt, source::isAtEnd,
                () -> source.readLine(1), () -> source.readAll(1), () -> source.read(new byte[1]),
                () -> source.read(MemorySegment.ofArray(new byte[10_000])),
                () -> source.transferTo(new MemorySink(List.of())))) {
            assertThatThrownBy(call).isInstanceOfSatisfying(IoException.class,
                    e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
        }
    }

    @Test
    void aLimitedSourceEndsAndLeavesTheRest() throws Exception {
        MemorySource below = new MemorySource("headbody".getBytes(UTF_8), List.of());
        BufferedSource whole = new BufferedSource(below);
        Source head = whole.limit(4);

        assertThat(new BufferedSource(head).readAllText(100)).isEqualTo("head");
        assertThat(head.read(new byte[1])).isEqualTo(-1);
        assertThat(head.read(new byte[0])).isZero();
        head.close();
        assertThatThrownBy(() -> head.read(new byte[1])).hasMessage("read memory: closed");
        assertThat(below.isClosed()).isFalse();
        assertThat(whole.readAllText(100)).isEqualTo("body");
    }
}
