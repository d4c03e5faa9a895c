package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.http.ByteRanges.ByteRange;
import dev.gyre.testing.Draw;
import dev.gyre.testing.Property;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangesTest {
    /** {@code first-last}, {@code first-} or {@code -length}; null is left out. */
    record Wish(Integer left, Integer right) {
        String text() {
            return (left == null ? "" : left) + "-" + (right == null ? "" : right);
        }

        boolean wants(int at, int size) {
            return left == null ? at >= size - right : at >= left && (right == null || at <= right);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bytes=0-0                  | 10 | 0-0
            bytes=0-                   | 10 | 0-9
            bytes=5-20                 | 10 | 5-9
            bytes=-3                   | 10 | 7-9
            bytes=-30                  | 10 | 0-9
            BYTES=1-2                  | 10 | 1-2
            bytes= 1-2 , ,4-5,         | 10 | 1-2 4-5
            bytes=4-5,1-2              | 10 | 1-2 4-5
            bytes=1-2,3-5              | 10 | 1-5
            bytes=1-7,2-3              | 10 | 1-7
            bytes=20-30,1-2            | 10 | 1-2
            bytes=0-99999999999999999999999 | 10 | 0-9
            bytes=9223372036854775807-,3-3  | 10 | 3-3
            """)
    void finds(String field, long size, String ranges) {
        assertThat(text(ByteRanges.parse(field, size))).isEqualTo(ranges);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=a-b", "bytes=1", "bytes=2-1", "bytes=1-2,x", "bytes=--1",
        "bytes=+1-2", "bytes=1-2-3", "bytes 1-2", "lines=1-2", "bytes=1 -2", "bytes=0x1-2", "bytes=\u0661-\u0662"
    })
    void ignoresWhatIsMalformed(String field) {
        assertThat(ByteRanges.parse(field, 10)).isSameAs(ByteRanges.IGNORED);
    }

    @ParameterizedTest
    @CsvSource({"bytes=10-, 10", "bytes=-0, 10", "bytes=10-20, 10", "bytes=0-, 0", "bytes=-0, 0"})
    void saysWhenThereIsNoSuchByte(String field, long size) {
        assertThat(ByteRanges.parse(field, size)).isSameAs(ByteRanges.UNSATISFIABLE);
    }

    @Test
    void theEndOfNothingIsTheWhole() {
        assertThat(ByteRanges.parse("bytes=-5", 0)).isSameAs(ByteRanges.IGNORED);
    }

    @Test
    void ignoresTooMany() {
        String sixteen = "bytes=" + String.join(",", Collections.nCopies(16, "1-1"));
        assertThat(text(ByteRanges.parse(sixteen, 10))).isEqualTo("1-1");
        assertThat(ByteRanges.parse(sixteen + ",2-2", 10)).isSameAs(ByteRanges.IGNORED);
    }

    @Test
    void sendsEveryWantedByteOnce() {
        Property.check(
                5000,
                draw -> sendsEveryWantedByteOnce(draw.list(1, 16, ByteRangesTest::wish), draw.between(1, 40)));
    }

    private static void sendsEveryWantedByteOnce(List<Wish> wishes, int size) {
        String field = "bytes=" + wishes.stream().map(Wish::text).collect(Collectors.joining(","));
        BitSet wanted = new BitSet();
        for (int at = 0; at < size; at++) {
            int byteAt = at;
            wanted.set(at, wishes.stream().anyMatch(wish -> wish.wants(byteAt, size)));
        }
        BitSet sent = new BitSet();
        long before = -2;
        if (ByteRanges.parse(field, size) instanceof ByteRanges.Satisfiable ranges) {
            for (ByteRange range : ranges.list()) {
                assertThat(range.first()).as("ascending, with a gap").isGreaterThan(before + 1);
                sent.set((int) range.first(), (int) range.last() + 1);
                before = range.last();
            }
        } else {
            assertThat(ByteRanges.parse(field, size)).isSameAs(ByteRanges.UNSATISFIABLE);
        }
        assertThat(sent).isEqualTo(wanted);
    }

    @Test
    void neverFails() {
        Property.check(draw -> {
            String field = "bytes=" + draw.textOf("0123456789-, =x", 20);
            assertThat(ByteRanges.parse(field, draw.between(0, 3))).isNotNull();
        });
    }

    private static Wish wish(Draw draw) {
        int one = draw.between(0, 50);
        int other = draw.between(0, 50);
        return draw.of(
                new Wish(Math.min(one, other), Math.max(one, other)), new Wish(one, null), new Wish(null, other));
    }

    private static String text(ByteRanges ranges) {
        return ((ByteRanges.Satisfiable) ranges)
                .list().stream()
                        .map(range -> range.first() + "-" + range.last())
                        .collect(Collectors.joining(" "));
    }
}
