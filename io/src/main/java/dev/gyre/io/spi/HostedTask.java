package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/**
 * A task that runs as a part of its caller, because nothing was free to run beside it.
 *
 * @param <T> what the work returns
 * @param <X> what the work may throw
 */
final class HostedTask<T extends @Nullable Object, X extends Exception> extends BaseTask<T, X> {
    private final Thread host = Thread.currentThread();

    HostedTask(BaseGroup<?> group, Object work) {
        super(group, work);
    }

    @Override
    boolean isOn(Thread thread) {
        return host == thread;
    }
}
