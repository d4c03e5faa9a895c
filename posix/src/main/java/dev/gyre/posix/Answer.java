package dev.gyre.posix;

import org.jspecify.annotations.Nullable;

/**
 * What a thin call answers that has more to say than a number.
 *
 * @param <T> what it answers
 * @param result 0, or a negated error number
 * @param value the answer if the result is 0, otherwise null
 */
public record Answer<T>(int result, @Nullable T value) {
    /**
     * An answer.
     *
     * @param <T> its type
     * @param value what it is
     * @return with result 0
     */
    public static <T> Answer<T> of(T value) {
        return new Answer<>(0, value);
    }

    /**
     * No answer.
     *
     * @param <T> what it would have been
     * @param result a negated error number
     * @return without a value
     */
    public static <T> Answer<T> failed(int result) {
        return new Answer<>(result, null);
    }
}
