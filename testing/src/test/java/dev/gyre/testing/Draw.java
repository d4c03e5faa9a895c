package dev.gyre.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The random values of one try of a {@link Property}. Values at which code tends to break come more often than others:
 * a quarter of all numbers are the ends of their range, their neighbours, or within two of zero; lists and texts are
 * often empty, of one element, or as long as they may be.
 *
 * <p>For one thread.
 */
public final class Draw {
    /** Half of all lists have at most so many elements more than they must: most failures need few. */
    private static final int SHORT = 32;

    private static final int[] ODD_CHARACTERS = {
        0, '\t', '\n', '\r', ' ', '"', '%', '&', '\'', '/', '<', '>', '\\', 0x7f, // with a meaning of their own
        0x80, 0x85, 0xa0, 0xff, 0x7ff, 0x800, // where encodings and control characters begin and end
        0xdf, 0x130, 0x131, 0x1c5, 0xfb01, // whose lower and upper case are special
        0x301, 0x200d, 0x200f, 0x202e, 0x2028, 0x3000, 0xfe0f, 0xfeff, // that combine, turn, end a line, or do not show
        0x661, 0xff11, // digits
        0xd800, 0xdbff, 0xdc00, 0xdc80, 0xdcff, 0xdfff, // halves of a pair
        0xfdd0, 0xfffd, 0xfffe, 0xffff, // no characters, and what replaces them
        0x10000, 0x1f600, 0xe0001, 0x10ffff // pairs
    };

    private final SplittableRandom random;
    private final BitSet plain;
    private final List<Object> drawn = new ArrayList<>();
    private int choices;
    private int depth;

    /**
     * Draws by the seed, except for what {@code plain} names by its place in the order of choices: such an element is
     * left out, such a number is the nearest to zero, and of such alternatives the first is taken. What comes after is
     * what it would be otherwise.
     */
    Draw(long seed, BitSet plain) {
        random = new SplittableRandom(seed);
        this.plain = plain;
    }

    /** A number from {@code min} to {@code max}, both included. */
    public int between(int min, int max) {
        return (int) between((long) min, (long) max);
    }

    /** A number from {@code min} to {@code max}, both included. They are less than 2<sup>63</sup> - 1 apart. */
    public long between(long min, long max) {
        if (min > max) {
            throw new IllegalArgumentException("no number is from " + min + " to " + max);
        }
        return noted(() -> {
            long number = number(min, max);
            return isPlain() ? Math.clamp(0L, min, max) : number;
        });
    }

    /** Any number. */
    public int anyInt() {
        return between(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /**
     * One of the values, each as likely as the other: one that is named twice comes twice as often. The first is taken
     * for the plainest.
     */
    @SafeVarargs
    public final <T> T of(T... values) {
        return noted(() -> {
            int index = random.nextInt(values.length);
            return values[isPlain() ? 0 : index];
        });
    }

    /** A list of {@code sizeMin} to {@code sizeMax} elements. */
    public <T> List<T> list(int sizeMin, int sizeMax, Function<Draw, T> element) {
        return noted(() -> {
            long size = number(sizeMin, random.nextBoolean() ? sizeMax : Math.min(sizeMax, sizeMin + SHORT));
            List<T> list = new ArrayList<>();
            for (long left = size; left > 0; left--) {
                boolean taken = !isPlain() || list.size() + left <= sizeMin;
                T value = element.apply(this);
                if (taken) {
                    list.add(value);
                }
            }
            return list;
        });
    }

    /** An array of {@code sizeMin} to {@code sizeMax} bytes. */
    public byte[] bytes(int sizeMin, int sizeMax) {
        return noted(() -> {
            List<Integer> values = list(sizeMin, sizeMax, draw -> draw.between(Byte.MIN_VALUE, Byte.MAX_VALUE));
            byte[] bytes = new byte[values.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = values.get(i).byteValue();
            }
            return bytes;
        });
    }

    /** A text of {@code sizeMin} to {@code sizeMax} code points, whichever there are, halves of pairs among them. */
    public String text(int sizeMin, int sizeMax) {
        return text(sizeMin, sizeMax, 'a', () -> switch (random.nextInt(4)) {
            case 0 -> ODD_CHARACTERS[random.nextInt(ODD_CHARACTERS.length)];
            case 1 -> random.nextInt(Character.MAX_CODE_POINT + 1);
            case 2 -> random.nextInt(Character.MAX_VALUE + 1);
            default -> random.nextInt(' ', 0x7f);
        });
    }

    /** A text of at most {@code sizeMax} of the characters. */
    public String textOf(String characters, int sizeMax) {
        return text(0, sizeMax, characters.charAt(0), () -> characters.charAt(random.nextInt(characters.length())));
    }

    private String text(int sizeMin, int sizeMax, int plainest, IntSupplier any) {
        Function<Draw, Integer> character = draw -> {
            int one = any.getAsInt();
            return isPlain() ? plainest : one;
        };
        return noted(() -> list(sizeMin, sizeMax, character).stream()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
    }

    /** How many choices were made, plain ones among them. */
    int choices() {
        return choices;
    }

    /** What the test has drawn, in order, for people; the parts of a list or text are not listed again. */
    List<String> drawn() {
        return drawn.stream().map(Draw::readable).toList();
    }

    private <T> T noted(Supplier<T> maker) {
        depth++;
        T value = maker.get();
        depth--;
        if (depth == 0) {
            drawn.add(value);
        }
        return value;
    }

    private boolean isPlain() {
        return plain.get(choices++);
    }

    private long number(long min, long max) {
        return switch (random.nextInt(4)) {
            case 0 -> edge(min, max);
            case 1 -> small(min, max);
            default -> min + upTo(Math.subtractExact(max, min));
        };
    }

    private long edge(long min, long max) {
        long[] edges = {min, min + 1, -2, -1, 0, 1, 2, max - 1, max};
        long edge;
        do {
            edge = edges[random.nextInt(edges.length)];
        } while (edge < min || edge > max);
        return edge;
    }

    /** Not far from what is nearest to zero: each order of magnitude is as likely as the other. */
    private long small(long min, long max) {
        long nearest = Math.clamp(0L, min, max);
        boolean up = random.nextBoolean();
        long room = up ? Math.subtractExact(max, nearest) : Math.subtractExact(nearest, min);
        long distance = upTo(room) >>> random.nextInt(Long.SIZE - Long.numberOfLeadingZeros(room) + 1);
        return up ? nearest + distance : nearest - distance;
    }

    private long upTo(long max) {
        return random.nextLong(Math.addExact(max, 1));
    }

    private static String readable(Object value) {
        return switch (value) {
            case null -> "null";
            case byte[] bytes -> Arrays.toString(bytes);
            case List<?> list -> list.stream().map(Draw::readable).collect(Collectors.joining(", ", "[", "]"));
            case String text -> text.codePoints().mapToObj(Draw::readable).collect(Collectors.joining("", "\"", "\""));
            default -> value.toString();
        };
    }

    private static String readable(int character) {
        boolean plain = character >= ' ' && character < 0x7f && character != '"' && character != '\\';
        return plain ? Character.toString(character) : "\\u{%x}".formatted(character);
    }
}
