package dev.gyre.ring;

import static dev.gyre.linux.IoUring.IORING_CQE_F_MORE;

import java.util.Arrays;

/**
 * Completions in the order in which they were collected, as the kernel wrote them. An operation, which may have several
 * among them, is named by the user data of its submission: to store a reference would cost the collector's barrier.
 */
final class CompletionList {
    private long[] userData = new long[64];

    /** Result in the low half, flags in the high half, as in the kernel's entry. */
    private long[] outcomes = new long[64];

    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(long newUserData, int result, int flags) {
        add(newUserData, Integer.toUnsignedLong(result) | (long) flags << 32);
    }

    /** Sees to it that so many more can be added, whatever memory there is later. */
    void reserve(int more) {
        if (outcomes.length - size < more) {
            int length = Math.max(size + more, 2 * size);
            userData = Arrays.copyOf(userData, length);
            outcomes = Arrays.copyOf(outcomes, length); // last, so that a list that lacks memory tries again
        }
    }

    void add(long newUserData, long outcome) {
        reserve(1);
        userData[size] = newUserData;
        outcomes[size] = outcome;
        size++;
    }

    long userData(int index) {
        return userData[index];
    }

    int result(int index) {
        return (int) outcomes[index];
    }

    int flags(int index) {
        return (int) (outcomes[index] >>> 32);
    }

    /** Whether others of the same submission follow. */
    boolean more(int index) {
        return (flags(index) & IORING_CQE_F_MORE) != 0;
    }

    void clear() {
        size = 0;
    }
}
