package dev.gyre.examples.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A command with its arguments, where they lie in the buffer of a {@link RequestParser}: valid until that is asked or
 * fed again. Argument 0 is the command's name.
 */
final class Request {
    private static final int USUAL = 16;

    private byte[] buffer = {};
    private int begin;
    private int end;
    private int count;

    /** Where arguments begin and how long they are, in turn; from the beginning of the request. */
    private int[] parts = new int[2 * USUAL];

    /** Begins a new one. */
    void clear() {
        count = 0;
        if (parts.length > 1024) {
            parts = new int[2 * USUAL];
        }
    }

    void add(int offset, int length) {
        if (2 * count == parts.length) {
            parts = Arrays.copyOf(parts, 2 * parts.length);
        }
        parts[2 * count] = offset;
        parts[2 * count + 1] = length;
        count++;
    }

    /** It is complete: so many bytes of a buffer. */
    void complete(byte[] bytes, int from, int to) {
        buffer = bytes;
        begin = from;
        end = to;
    }

    /** How many arguments there are, the name included. */
    int count() {
        return count;
    }

    byte[] buffer() {
        return buffer;
    }

    /** Where the request begins, with all that surrounds its arguments. */
    int begin() {
        return begin;
    }

    int end() {
        return end;
    }

    /** Whether it was asked as an array of strings, and not as a line. */
    boolean isArray() {
        return buffer[begin] == '*';
    }

    int from(int argument) {
        return begin + parts[2 * argument];
    }

    int to(int argument) {
        return from(argument) + length(argument);
    }

    int length(int argument) {
        return parts[2 * argument + 1];
    }

    /** A copy. */
    byte[] bytes(int argument) {
        return Arrays.copyOfRange(buffer, from(argument), to(argument));
    }

    /** For people: a character for each byte. */
    String text(int argument) {
        return new String(buffer, from(argument), length(argument), StandardCharsets.ISO_8859_1);
    }

    /** Whether an argument is this word, in any case. The word has capital letters. */
    boolean is(int argument, String word) {
        if (length(argument) != word.length()) {
            return false;
        }
        int from = from(argument);
        for (int i = 0; i < word.length(); i++) {
            if (upper(buffer[from + i]) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static int upper(byte letter) {
        return letter >= 'a' && letter <= 'z' ? letter - ('a' - 'A') : letter;
    }

    /** An argument as a number. */
    long integer(int argument) {
        return integer(buffer, from(argument), to(argument));
    }

    /** Bytes as a number: digits without zeros before them, and a minus sign for one below zero. */
    static long integer(byte[] bytes, int from, int to) {
        boolean negative = from < to && bytes[from] == '-';
        int at = negative ? from + 1 : from;
        int digits = to - at;
        if (digits < 1 || digits > 19 || (bytes[at] == '0' && (digits > 1 || negative))) {
            throw CommandError.notAnInteger();
        }
        // Counted downwards: there is one number more below zero than above.
        long value = 0;
        for (; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                throw CommandError.notAnInteger();
            }
            value = value * 10 - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            throw CommandError.notAnInteger();
        }
        return negative ? value : -value;
    }
}
