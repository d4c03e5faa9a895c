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
        if (size == operations.length) {
            operations = Arrays.copyOf(operations, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
            marks = Arrays.copyOf(marks, 2 * size);
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

    /** Empties this list; the completions from {@code first} on go to the front of {@code other}. */
    @SuppressWarnings("NullAway") // places past the size are never read
    void moveRest(int first, CompletionList other) {
        if (first < size) {
            CompletionList later = new CompletionList();
            other.moveAll(later);
            for (int i = first; i < size; i++) {
                other.add(operations[i], result(i), flags(i), more(i));
            }
            later.moveAll(other);
        }
        clear();
    }

    @SuppressWarnings("NullAway") // places past the size are never read
    void clear() {
        Arrays.fill(operations, 0, size, null);
        size = 0;
    }

    private void moveAll(CompletionList other) {
        int count = size;
        for (int i = 0; i < count; i++) {
            other.add(operations[i], result(i), flags(i), more(i));
        }
        size = 0;
    }
}
