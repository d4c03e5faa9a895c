package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/**
 * A task that runs as a part of its caller, because nothing was free to run beside it. It is a scope of the caller's: a
 * request to stop is one to this part alone, and does not interrupt what waits in code of the JDK's.
 *
 * @param <T> what the work returns
 * @param <X> what the work may throw
 */
final class HostedTask<T extends @Nullable Object, X extends Exception> extends BaseTask<T, X> {
    private final Fiber host;
    private final Scope scope;
    private final Thread thread = Thread.currentThread();

    HostedTask(BaseGroup<?> group, Object work, Fiber host) {
        super(group, work);
        this.host = host;
        this.scope = new Scope(host) {};
    }

    @Override
    public void run() {
        host.enter(scope);
        try {
            super.run();
        } finally {
            host.leave(scope);
        }
    }

    @Override
    void requestCancel() {
        if (!isDone()) {
            scope.end();
        }
    }

    @Override
    Fiber runner() {
        return host;
    }

    @Override
    boolean isOn(Thread candidate) {
        return thread == candidate;
    }
}
