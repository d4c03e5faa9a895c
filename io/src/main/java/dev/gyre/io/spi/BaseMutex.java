package dev.gyre.io.spi;

import dev.gyre.io.Condition;
import dev.gyre.io.Mutex;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A mutex: its holder, and those that wait.
 *
 * <p>Who finds it free takes it by one compare-and-set. Who does not goes into the list and looks again; who unlocks
 * frees it and then looks at the list. Each writes before it reads, so one of the two sees the other, and nobody waits
 * for a mutex that is free. A newcomer may be faster than one that waits; it finds the list when it unlocks. The mutex
 * is handed over: who is taken out of the list holds it already.
 */
final class BaseMutex implements Mutex {
    private static final VarHandle HOLDER;

    static {
        try {
            HOLDER = MethodHandles.lookup()
                    .findVarHandle(BaseMutex.class, "holder", Fiber.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** What may end a wait before the mutex is there; whatever stands here includes what follows. */
    private enum EndedBy {
        REQUEST,
        CLOSING,
        NOTHING
    }

    private final BaseIo io;
    private volatile @Nullable Fiber holder;

    /** Guarded by this object's lock. */
    private final WaitList waiters = new WaitList();

    /** The length of the list, for those that do not have the lock. */
    private volatile int waiting;

    BaseMutex(BaseIo io) {
        this.io = io;
    }

    @Override
    public void lock() {
        io.interleave();
        Fiber fiber = io.currentFiber();
        fiber.checkCancel();
        if (!HOLDER.compareAndSet(this, (Fiber) null, fiber)) {
            lockSlowly(fiber, EndedBy.REQUEST);
        }
    }

    @Override
    public void lockUncancelable() {
        io.interleave();
        Fiber fiber = io.currentFiber();
        if (!HOLDER.compareAndSet(this, (Fiber) null, fiber)) {
            lockSlowly(fiber, EndedBy.CLOSING);
        }
    }

    @Override
    public boolean tryLock() {
        io.interleave();
        return HOLDER.compareAndSet(this, (Fiber) null, io.currentFiber());
    }

    @Override
    public void unlock() {
        io.interleave();
        requireHolder(io.currentFiber());
        release();
    }

    @Override
    public boolean isHeld() {
        return holder == io.currentFiber();
    }

    @Override
    public Condition condition() {
        return new BaseCondition(io, this);
    }

    /** Also after the end of the {@code Io}: for whoever has waited for a condition, and leaves that with the mutex. */
    void lockUncancelable(Fiber fiber) {
        if (!HOLDER.compareAndSet(this, (Fiber) null, fiber)) {
            lockSlowly(fiber, EndedBy.NOTHING);
        }
    }

    void requireHolder(Fiber fiber) {
        if (holder != fiber) {
            throw new IllegalMonitorStateException(fiber + " does not hold " + this);
        }
    }

    /** Unlocks it for the holder. */
    void release() {
        if (waiting > 0) {
            StackRoom.requireToPark();
        }
        holder = null;
        if (waiting > 0) {
            io.interleave();
            handOver();
        }
    }

    @Override
    public String toString() {
        Fiber holding = holder;
        return holding == null ? "a mutex that nobody holds" : "the mutex that " + holding + " holds";
    }

    private void lockSlowly(Fiber fiber, EndedBy endedBy) {
        if (holder == fiber) {
            throw new IllegalMonitorStateException(fiber + " holds the mutex already, and it is not reentrant");
        }
        LeavingWaiter waiter = new LeavingWaiter(fiber, "lock", this, this) {
            @Override
            void leaving() {
                waiting = waiters.size();
            }

            @Override
            boolean isRefusable() {
                return endedBy != EndedBy.NOTHING;
            }
        };
        synchronized (this) {
            waiters.add(waiter);
            waiting = waiters.size();
            if (HOLDER.compareAndSet(this, (Fiber) null, fiber)) {
                waiters.remove(waiter);
                waiting = waiters.size();
                return;
            }
        }
        waiter.await(endedBy == EndedBy.REQUEST);
        waiter.throwIfLeft();
    }

    private void handOver() {
        Waiter next;
        synchronized (this) {
            if (waiters.isEmpty()) {
                return;
            }
            next = waiters.get(waiters.size() == 1 ? 0 : io.choose(waiters.size()));
            if (!HOLDER.compareAndSet(this, (Fiber) null, next.fiber())) {
                return;
            }
            waiters.remove(next);
            waiting = waiters.size();
        }
        next.signal();
    }
}
