package dev.gyre.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class PropertyTest {
    @Test
    void isTriedAsOftenAsItSays() {
        List<Integer> tries = new ArrayList<>();
        Property.check(draw -> tries.add(draw.anyInt()));
        assertThat(tries).hasSizeGreaterThanOrEqualTo(1000);
        tries.clear();
        Property.check(1234, draw -> tries.add(draw.anyInt()));
        assertThat(tries).hasSizeGreaterThanOrEqualTo(1234);
        assertThat(new HashSet<>(tries)).as("different values").hasSizeGreaterThan(400);
    }

    @Test
    void aFailureNamesTheSeedThatRepeatsIt() {
        AssertionError error = failure(draw -> assertThat(draw.between(0L, 1L << 40)).isLessThan(1L << 39));
        assertThat(error.getMessage()).containsPattern("^Failed in try \\d+, which -Dgyre\\.seed=-?\\d+ repeats, for");
        long seed = number("-Dgyre\\.seed=(-?\\d+)", error);
        long failing = number("for\n  (\\d+)\n", error);
        List<Long> numbers = new ArrayList<>();
        withSeed(seed, () -> Property.check(1, draw -> numbers.add(draw.between(0L, 1L << 40))));
        assertThat(numbers.getFirst()).isEqualTo(failing);
    }

    @Test
    void aFailingSequenceIsShrunkToWhatMatters() {
        AssertionError error = failure(draw -> {
            List<Integer> numbers = draw.list(0, 60, one -> one.between(0, 9));
            int three = numbers.indexOf(3);
            assertThat(three >= 0 && numbers.subList(three, numbers.size()).contains(7)).isFalse();
        });
        assertThat(error).hasMessageContaining("for\n  [3, 7]\n");
        assertThat(error.getSuppressed()).as("the failure before").hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void valuesAreShrunkToo() {
        AssertionError error = failure(draw -> {
            List<String> texts = draw.list(1, 10, one -> one.textOf("ab", 40));
            byte[] bytes = draw.bytes(2, 50);
            int number = draw.between(5, 90);
            assertThat(draw.of("one", "other", "third")).isNotNull();
            assertThat(String.join("", texts).contains("b") && bytes.length > 1 && number > 4).isFalse();
        });
        assertThat(error).hasMessageContaining("for\n  [\"b\"]\n  [0, 0]\n  5\n  \"one\"\n");
    }

    @Test
    void aFailureOfAnotherKindIsNotFollowed() {
        AssertionError error = failure(draw -> {
            int size = draw.list(0, 30, Draw::anyInt).size();
            if (size > 20) {
                throw new IOException("too long");
            }
            assertThat(size).isGreaterThan(20);
        });
        assertThat(error.getCause()).isInstanceOfAny(IOException.class, AssertionError.class);
        assertThat(error).hasMessageContaining(error.getCause() instanceof IOException ? "too long" : "\n  []\n");
    }

    @Test
    void whatFailsOnceIsReportedAllTheSame() {
        List<Integer> runs = new ArrayList<>();
        AssertionError error = failure(draw -> {
            runs.add(draw.list(5, 10, Draw::anyInt).size());
            assertThat(runs.size()).isNotEqualTo(3);
        });
        assertThat(error).hasMessageContaining("Failed in try 3");
        assertThat(runs).as("each keeps the least of elements").allMatch(size -> size >= 5 && size <= 10);
    }

    @Test
    void whatDoesNotEndHasFailed() {
        CountDownLatch never = new CountDownLatch(1);
        AssertionError error = catchThrowableOfType(
                AssertionError.class,
                () -> Property.check(1000, Duration.ofMillis(500), draw -> {
                    if (draw.list(0, 5, one -> one.between(0, 9)).contains(7)) {
                        never.await();
                    }
                }));
        assertThat(error).hasMessageContaining("for\n  [7]\n").hasMessageContaining("did not end");
        assertThat(error.getCause()).isInstanceOf(TimeoutException.class);
        assertThat(error.getCause().getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("await"));
        never.countDown();
    }

    @Test
    void boundariesComeOften() {
        Set<Object> drawn = new HashSet<>();
        Property.check(draw -> {
            drawn.add(draw.anyInt());
            drawn.add(draw.between(-50_000_000_000L, 50_000_000_000L));
            drawn.add((char) draw.between(0, 0xffff));
            drawn.add(draw.text(0, 255).length() >= 255 ? "long" : "");
            drawn.add(draw.list(0, 9, Draw::anyInt).size() + " elements");
            draw.text(0, 255).codePoints().forEach(character -> drawn.add("U+" + Integer.toHexString(character)));
            for (byte one : draw.bytes(0, 10)) {
                drawn.add(one);
            }
        });
        assertThat(drawn)
                .contains(Integer.MIN_VALUE, Integer.MAX_VALUE, -1, 0, 1, -50_000_000_000L, 50_000_000_000L, 0L)
                .contains('\0', '\1', '\ufffe', '\uffff', "long", "0 elements", "1 elements", "9 elements")
                .contains("U+0", "U+20", "U+7e", "U+d800", "U+dfff", "U+ffff", "U+10ffff", "U+202e", "U+130")
                .contains(Byte.MIN_VALUE, Byte.MAX_VALUE, (byte) 0, (byte) -1);
    }

    @Test
    void rangesAreKept() {
        Property.check(draw -> {
            long min = draw.between(-1L << 61, 1L << 61);
            long max = draw.between(min, 1L << 61);
            assertThat(draw.between(min, max)).isBetween(min, max);
            assertThat(draw.list(2, 5, Draw::anyInt)).hasSizeBetween(2, 5);
            assertThat(draw.text(1, 3).codePoints().count()).isBetween(1L, 3L);
        });
        assertThatCode(() -> Property.check(draw -> draw.between(7, 7))).doesNotThrowAnyException();
        Property.check(draw -> assertThatIllegalArgumentException().isThrownBy(() -> draw.between(1, 0)));
    }

    @Test
    void valuesAreShownSoThatTheyCanBeRead() {
        AssertionError error = failure(draw -> {
            draw.of("a\"b\u202e");
            draw.list(1, 1, one -> Collections.nCopies(2, one.of("\\")));
            draw.of(true);
            throw new IllegalStateException("so");
        });
        assertThat(error)
                .hasMessageContaining("for\n  \"a\\u{22}b\\u{202e}\"\n  [[\"\\u{5c}\", \"\\u{5c}\"]]\n  true\n")
                .hasMessageEndingWith("IllegalStateException: so");
    }

    private static AssertionError failure(Property.Body body) {
        return catchThrowableOfType(AssertionError.class, () -> Property.check(body));
    }

    private static long number(String pattern, AssertionError error) {
        return Pattern.compile(pattern)
                .matcher(error.getMessage())
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .findFirst()
                .orElseThrow();
    }

    private static void withSeed(long seed, Runnable action) {
        String before = System.getProperty("gyre.seed");
        System.setProperty("gyre.seed", Long.toString(seed));
        try {
            action.run();
        } finally {
            if (before == null) {
                System.clearProperty("gyre.seed");
            } else {
                System.setProperty("gyre.seed", before);
            }
        }
    }
}
