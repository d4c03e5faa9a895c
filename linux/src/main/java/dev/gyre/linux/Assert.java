package dev.gyre.linux;

import java.lang.foreign.MemorySegment;

/**
 * Assertions that are always on. A failed one is a mistake in the program, never a condition of the system it runs on,
 * so it is an {@link AssertionError} and nobody should catch it. For this module and {@code dev.gyre.ring}.
 */
public final class Assert {
    private Assert() {}

    /**
     * Claims something.
     *
     * @param condition what must hold
     * @param claim the same in words
     */
    public static void that(boolean condition, String claim) {
        if (!condition) {
            throw new AssertionError("does not hold: " + claim);
        }
    }

    /**
     * Claims something of a number.
     *
     * @param condition what must hold
     * @param claim the same in words
     * @param actual the number
     */
    public static void that(boolean condition, String claim, long actual) {
        if (!condition) {
            throw new AssertionError("does not hold: " + claim + ", got " + actual);
        }
    }

    /** As {@link #lengthFits}, for memory that may also be {@link MemorySegment#NULL}. */
    static void lengthFitsOrNull(long length, MemorySegment memory) {
        if (!memory.equals(MemorySegment.NULL)) {
            lengthFits(length, memory);
        }
    }

    /** The kernel must not be told of more memory than there is. */
    static void lengthFits(long length, MemorySegment memory) {
        if (length < 0 || length > memory.byteSize()) {
            throw new AssertionError(
                    "a length of " + length + " bytes was passed with memory of " + memory.byteSize() + " bytes");
        }
    }
}
