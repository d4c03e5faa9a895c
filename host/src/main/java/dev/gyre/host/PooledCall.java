package dev.gyre.host;

import dev.gyre.io.spi.DeferredBlocker;
import dev.gyre.io.spi.Fiber;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * A system call on behalf of a fiber on a virtual thread, which would hold up the thread that carries it, and
 * everything else that waits for that one. It is made by a thread of a pool, and the fiber parks meanwhile.
 */
final class PooledCall extends SystemCall implements DeferredBlocker {
    private final Executor threads;

    /** Whether one of them has it. Only for the fiber. */
    private boolean begun;

    private boolean refused;

    PooledCall(Fiber fiber, String operation, Object target, Executor threads, BlockingCalls.Call call) {
        super(fiber, operation, target, call);
        this.threads = threads;
    }

    @Override
    public void begin() {
        try {
            threads.execute(this::performAndWake);
            begun = true;
        } catch (RejectedExecutionException ended) {
            refused = true;
            refuse(new IllegalStateException("the Io is closed", ended));
        }
    }

    private void performAndWake() {
        perform();
        wake();
    }

    @Override
    public boolean hasBegun() {
        return begun;
    }

    /** Whether the pool takes no calls any more. For the fiber, when it is done. */
    boolean wasRefused() {
        return refused;
    }

    @Override
    public void suspend() {
        LockSupport.park(this);
    }

    /** The fiber parks and is woken all the same; only it knows whether the call may end for that. */
    @Override
    public void interrupt() {}

    @Override
    public void cancel() {
        if (begun) {
            super.cancel();
        } else {
            refuse(null);
        }
    }
}
