package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/**
 * A task that counts against the limit of {@link dev.gyre.io.Io#async} while it works.
 *
 * @param <T> what the work returns
 * @param <X> what the work may throw
 */
final class AsyncTask<T extends @Nullable Object, X extends Exception> extends BaseTask<T, X> {
    AsyncTask(BaseGroup<?> group, Object work) {
        super(group, work);
    }

    @Override
    void workEnded() {
        io().asyncWorkEnded();
    }
}
