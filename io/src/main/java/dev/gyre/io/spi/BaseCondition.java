package dev.gyre.io.spi;

import dev.gyre.io.Condition;
import org.jspecify.annotations.Nullable;

/** A condition: those that wait for a signal. */
final class BaseCondition implements Condition {
    private final BaseIo io;
    private final BaseMutex mutex;

    /** Guarded by this object's lock, since one that is canceled leaves without the mutex. */
    private final WaitList waiters = new WaitList();

    BaseCondition(BaseIo io, BaseMutex mutex) {
        this.io = io;
        this.mutex = mutex;
    }

    @Override
    public void await() {
        await(true);
    }

    @Override
    public void awaitUncancelable() {
        await(false);
    }

    @Override
    public void signal() {
        @Nullable Waiter signaled = null;
        beforeSignal();
        synchronized (this) {
            waiters.requireRoomToWake();
            if (!waiters.isEmpty()) {
                signaled = io.takeOne(waiters);
            }
        }
        if (signaled != null) {
            signaled.signal();
        }
    }

    @Override
    public void signalAll() {
        beforeSignal();
        @Nullable Waiter signaled;
        synchronized (this) {
            waiters.requireRoomToWake();
            signaled = waiters.removeAll();
        }
        WaitList.signalAll(signaled);
    }

    private void beforeSignal() {
        io.interleave();
        mutex.requireHolder(io.currentFiber());
    }

    private void await(boolean cancelable) {
        io.interleave();
        Fiber fiber = io.currentFiber();
        mutex.requireHolder(fiber);
        if (cancelable) {
            fiber.checkCancel();
        }
        LeavingWaiter waiter = new LeavingWaiter(fiber, "await", this, "a condition's signal");
        synchronized (this) {
            waiters.add(waiter);
        }
        mutex.release();
        waiter.await(cancelable);
        mutex.lockUncancelable(fiber);
        waiter.throwIfLeft();
    }
}
