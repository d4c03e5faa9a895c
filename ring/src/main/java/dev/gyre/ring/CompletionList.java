package dev.gyre.ring;

import java.util.Arrays;

/** Completions in the order in which they were collected. One operation may be in it several times. */
final class CompletionList {
    private static final int MORE = 1;

    private Operation[] operations = new Operation[64];

    /** Result in the low half, flags in the high half. */
    private long[] values = new long[64];

    private byte[] marks = new byte[64];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(Operation operation, int result, int flags, boolean more) {
        if (size == marks.length) {
            operations = Arrays.copyOf(operations, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
            marks = Arrays.copyOf(marks, 2 * size); // last, so that a lack of memory leaves a list that tries again
        }
        operations[size] = operation;
        values[size] = Integer.toUnsignedLong(result) | (long) flags << 32;
        marks[size] = (byte) (more ? MORE : 0);
        size++;
    }

    Operation operation(int index) {
        return operations[index];
    }

    int result(int index) {
        return (int) values[index];
    }

    int flags(int index) {
        return (int) (values[index] >>> 32);
    }

    boolean more(int index) {
        return marks[index] == MORE;
    }

    @SuppressWarnings("NullAway") // places past the size are never read
    void clear() {
        Arrays.fill(operations, 0, size, null);
        size = 0;
    }
}
