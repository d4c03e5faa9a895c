package dev.gyre.io.spi;

import dev.gyre.io.Semaphore;
import org.jspecify.annotations.Nullable;

/** A semaphore: permits, or those that wait for one. */
final class BaseSemaphore implements Semaphore {
    private final BaseIo io;

    // Guarded by this object's lock; there are permits, or there are waiters, or neither.
    private int permits;
    private final WaitList waiters = new WaitList();

    BaseSemaphore(BaseIo io, int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits " + permits + " is negative");
        }
        this.io = io;
        this.permits = permits;
    }

    @Override
    public void acquire() {
        io.interleave();
        Fiber fiber = io.currentFiber();
        fiber.checkCancel();
        acquire(fiber, true);
    }

    @Override
    public void acquireUncancelable() {
        io.interleave();
        acquire(io.currentFiber(), false);
    }

    @Override
    public boolean tryAcquire() {
        io.interleave();
        return take();
    }

    @Override
    public void release() {
        io.interleave();
        @Nullable Waiter served = null;
        synchronized (this) {
            waiters.requireRoomToWake();
            if (!waiters.isEmpty()) {
                served = io.takeOne(waiters);
            } else if (permits == Integer.MAX_VALUE) {
                throw new IllegalStateException("more permits than a semaphore can have");
            } else {
                permits++;
            }
        }
        if (served != null) {
            served.signal();
        }
    }

    @Override
    public int available() {
        io.interleave();
        synchronized (this) {
            return permits;
        }
    }

    private synchronized boolean take() {
        if (permits == 0) {
            return false;
        }
        permits--;
        return true;
    }

    private void acquire(Fiber fiber, boolean cancelable) {
        if (take()) {
            return;
        }
        LeavingWaiter waiter = new LeavingWaiter(fiber, "acquire", this, "a permit of a semaphore");
        synchronized (this) {
            if (take()) {
                return;
            }
            waiters.add(waiter);
        }
        waiter.await(cancelable);
        waiter.throwIfLeft();
    }
}
