package dev.gyre.examples.store;

/** Patterns of keys: {@code *}, {@code ?}, {@code [a-c]}, {@code [^a]}, and {@code \} before what is meant as it is. */
final class Glob {
    private final byte[] pattern;

    Glob(byte[] pattern) {
        this.pattern = pattern;
    }

    /**
     * Whether all of a text is as the pattern says. When a part after a {@code *} does not fit, that one takes one byte
     * more; those before it need not be tried again, so it takes as long as both lengths multiplied at most.
     */
    boolean matches(byte[] text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int starText = 0;
        while (t < text.length) {
            if (p < pattern.length && pattern[p] == '*') {
                star = p++;
                starText = t;
            } else if (p < pattern.length && fits(p, text[t])) {
                p = after(p);
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++starText;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == '*') {
            p++;
        }
        return p == pattern.length;
    }

    /** Where the part that begins there is over. */
    private int after(int p) {
        if (pattern[p] == '\\' && p + 1 < pattern.length) {
            return p + 2;
        }
        if (pattern[p] != '[') {
            return p + 1;
        }
        int at = p + 1;
        while (at < pattern.length && pattern[at] != ']') {
            at += pattern[at] == '\\' && at + 1 < pattern.length ? 2 : 1;
        }
        return Math.min(at + 1, pattern.length);
    }

    /** Whether a byte is as the part that begins there says. */
    private boolean fits(int p, byte letter) {
        return switch (pattern[p]) {
            case '?' -> true;
            case '[' -> isOneOf(p + 1, after(p), letter & 0xff);
            case '\\' -> pattern[Math.min(p + 1, pattern.length - 1)] == letter;
            default -> pattern[p] == letter;
        };
    }

    private boolean isOneOf(int from, int to, int letter) {
        boolean not = from < to && pattern[from] == '^';
        int end = pattern[to - 1] == ']' && to - 1 >= from ? to - 1 : to;
        boolean found = false;
        for (int at = not ? from + 1 : from; at < end; at++) {
            if (pattern[at] == '\\' && at + 1 < end) {
                at++;
            }
            int low = pattern[at] & 0xff;
            int high = low;
            if (at + 2 < end && pattern[at + 1] == '-') {
                high = pattern[at + 2] & 0xff;
                at += 2;
            }
            found |= letter >= Math.min(low, high) && letter <= Math.max(low, high);
        }
        return found != not;
    }
}
