package dev.gyre.io.spi;

import dev.gyre.io.Action;
import dev.gyre.io.Body;
import org.jspecify.annotations.Nullable;

/**
 * What a body returned or threw.
 *
 * @param <T> what it returns
 * @param <X> what it may throw
 */
final class Outcome<T extends @Nullable Object, X extends Exception> {
    private static final Outcome<?, ?> EXHAUSTED =
            new Outcome<>(null, new OutOfMemoryError("a task failed, and there was no memory to say how"));

    private final @Nullable T result;
    private final @Nullable Throwable failure;

    private Outcome(@Nullable T result, @Nullable Throwable failure) {
        this.result = result;
        this.failure = failure;
    }

    /** Runs {@code body} and keeps what comes of it. */
    static <T extends @Nullable Object, X extends Exception> Outcome<T, X> of(Body<T, X> body) {
        try {
            // Made only then: while a task waits, it has no outcome.
            T result = body.run();
            return new Outcome<>(result, null);
        } catch (Throwable thrown) {
            return failed(thrown);
        }
    }

    /** Runs {@code action}, which returns nothing, and keeps what comes of it. */
    static <T extends @Nullable Object, X extends Exception> Outcome<T, X> of(Action<X> action) {
        try {
            action.run();
            return new Outcome<>(null, null);
        } catch (Throwable thrown) {
            return failed(thrown);
        }
    }

    /** A task ends, whatever there is no memory for. */
    @SuppressWarnings("unchecked") // without a result, and with a failure that is unchecked
    private static <T extends @Nullable Object, X extends Exception> Outcome<T, X> failed(Throwable thrown) {
        try {
            return new Outcome<>(null, thrown);
        } catch (OutOfMemoryError exhausted) {
            return (Outcome<T, X>) EXHAUSTED;
        }
    }

    /** What was thrown, or null. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** Returns what was returned, or throws what was thrown. */
    @SuppressWarnings("NullAway") // without a failure there is a result, even if that is null
    T get() throws X {
        if (failure != null) {
            ToldFailure.note(failure);
            throw Outcome.<X>asThrown(failure);
        }
        return result;
    }

    /** Throws {@code thrown} if it is unchecked, otherwise returns it as what it must be. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // bodies throw X or unchecked
    static <X extends Exception> X asThrown(Throwable thrown) {
        if (thrown instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return (X) thrown;
    }
}
