package dev.gyre.cli;

import org.jspecify.annotations.Nullable;

/**
 * One thing that {@code doctor} looked at.
 *
 * @param name what was looked at, a few words
 * @param value what was found there
 * @param advice what is wrong with it and what to do; null if all is well
 */
record Finding(String name, String value, @Nullable String advice) {
    /** A finding that needs no action. */
    static Finding good(String name, String value) {
        return new Finding(name, value, null);
    }

    /** A finding that costs the user something, with the way out. */
    static Finding warning(String name, String value, String advice) {
        return new Finding(name, value, advice);
    }

    /** A finding that is good on a condition, and else a warning. */
    static Finding goodIf(boolean good, String name, String value, String advice) {
        return good ? good(name, value) : warning(name, value, advice);
    }
}
