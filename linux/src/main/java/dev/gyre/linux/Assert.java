package dev.gyre.linux;

import java.lang.foreign.MemorySegment;

/**
 * Assertions that are always on. A failed one is a mistake in the program, never a condition of the system it runs on,
 * so it is an {@link AssertionError} and nobody should catch it.
 */
final class Assert {
    private Assert() {}

    static void that(boolean condition, String claim) {
        if (!condition) {
            throw new AssertionError("does not hold: " + claim);
        }
    }

    static void that(boolean condition, String claim, long actual) {
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
