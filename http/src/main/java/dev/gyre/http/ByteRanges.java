package dev.gyre.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a {@code Range} field asks for: RFC 9110, section 14.
 *
 * <p>A field that is malformed, has another unit, or asks for more than {@value #RANGES_MAX} ranges is ignored, as the
 * standard lets a server do with any. Ranges that overlap or touch become one, so that no byte is sent twice; the
 * rest is answered in ascending order.
 */
sealed interface ByteRanges {
    /** The field is to be ignored and everything is to be sent. */
    ByteRanges IGNORED = new Ignored();

    /** 416: not one of the ranges has a byte. */
    ByteRanges UNSATISFIABLE = new Unsatisfiable();

    /** How many ranges are honoured; more of them are rather an attack than a wish. */
    int RANGES_MAX = 16;

    /** A number that was left out. */
    long ABSENT = -1;

    /** Something that is no number. */
    long MALFORMED = -2;

    /** See {@link #IGNORED}. */
    record Ignored() implements ByteRanges {}

    /** See {@link #UNSATISFIABLE}. */
    record Unsatisfiable() implements ByteRanges {}

    /**
     * At least one range, ascending, none touching another.
     *
     * @param list what to send
     */
    record Satisfiable(List<ByteRange> list) implements ByteRanges {}

    /**
     * Some bytes.
     *
     * @param first the offset of the first one
     * @param last the offset of the last one, not less than {@code first}
     */
    record ByteRange(long first, long last) {
        long length() {
            return last - first + 1;
        }

        /** The value of {@code Content-Range}. */
        String of(long size) {
            return "bytes " + first + '-' + last + '/' + size;
        }
    }

    /**
     * Reads the field.
     *
     * @param field its value
     * @param size of what it is applied to, in bytes
     * @return what to do
     */
    static ByteRanges parse(String field, long size) {
        String unit = "bytes=";
        if (!field.regionMatches(true, 0, unit, 0, unit.length())) {
            return IGNORED;
        }
        List<ByteRange> ranges = new ArrayList<>();
        int count = 0;
        boolean wholeOfNothing = false;
        for (String element : field.substring(unit.length()).split(",", -1)) {
            String spec = element.strip();
            if (spec.isEmpty()) {
                continue;
            }
            int dash = spec.indexOf('-');
            long left = dash < 0 ? MALFORMED : number(spec, 0, dash);
            long right = dash < 0 ? MALFORMED : number(spec, dash + 1, spec.length());
            if (left == MALFORMED || right == MALFORMED || (left == ABSENT && right == ABSENT)
                    || (left != ABSENT && right != ABSENT && left > right) || ++count > RANGES_MAX) {
                return IGNORED;
            }
            long first = left == ABSENT ? Math.max(0, size - right) : left;
            long last = left == ABSENT || right == ABSENT ? size - 1 : Math.min(right, size - 1);
            if (first <= last) {
                ranges.add(new ByteRange(first, last));
            }
            wholeOfNothing |= size == 0 && left == ABSENT && right > 0;
        }
        if (count == 0 || wholeOfNothing) {
            return IGNORED;
        }
        return ranges.isEmpty() ? UNSATISFIABLE : new Satisfiable(merged(ranges));
    }

    private static List<ByteRange> merged(List<ByteRange> ranges) {
        ranges.sort(Comparator.comparingLong(ByteRange::first));
        List<ByteRange> merged = new ArrayList<>();
        for (ByteRange range : ranges) {
            ByteRange before = merged.isEmpty() ? null : merged.getLast();
            if (before != null && range.first <= before.last + 1) {
                merged.set(merged.size() - 1, new ByteRange(before.first, Math.max(before.last, range.last)));
            } else {
                merged.add(range);
            }
        }
        return List.copyOf(merged);
    }

    /** Digits as a number, which saturates. */
    private static long number(String text, int from, int to) {
        if (from == to) {
            return ABSENT;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return MALFORMED;
            }
            value = value > (Long.MAX_VALUE - 9) / 10 ? Long.MAX_VALUE : 10 * value + (c - '0');
        }
        return value;
    }
}
