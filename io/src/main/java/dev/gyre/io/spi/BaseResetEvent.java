package dev.gyre.io.spi;

import dev.gyre.io.ResetEvent;
import org.jspecify.annotations.Nullable;

/** A reset event: whether it is set, and those that wait for that. */
final class BaseResetEvent implements ResetEvent {
    private final BaseIo io;

    /** Written with this object's lock. */
    private volatile boolean set;

    /** Guarded by this object's lock; empty while it is set. */
    private final WaitList waiters = new WaitList();

    BaseResetEvent(BaseIo io) {
        this.io = io;
    }

    @Override
    public void await() {
        io.interleave();
        Fiber fiber = io.currentFiber();
        fiber.checkCancel();
        await(fiber, true);
    }

    @Override
    public void awaitUncancelable() {
        io.interleave();
        await(io.currentFiber(), false);
    }

    @Override
    public void set() {
        io.interleave();
        @Nullable Waiter chain;
        synchronized (this) {
            waiters.requireRoomToWake();
            set = true;
            chain = waiters.removeAll();
        }
        WaitList.signalAll(chain);
    }

    @Override
    public void reset() {
        io.interleave();
        synchronized (this) {
            set = false;
        }
    }

    @Override
    public boolean isSet() {
        io.interleave();
        return set;
    }

    private void await(Fiber fiber, boolean cancelable) {
        if (set) {
            return;
        }
        LeavingWaiter waiter = new LeavingWaiter(fiber, "await", this, "a reset event");
        synchronized (this) {
            if (set) {
                return;
            }
            waiters.add(waiter);
        }
        waiter.await(cancelable);
        waiter.throwIfLeft();
    }
}
