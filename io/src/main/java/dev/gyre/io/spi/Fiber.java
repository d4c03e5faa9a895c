package dev.gyre.io.spi;

import dev.gyre.io.CanceledException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * A thread as {@link dev.gyre.io.Io} sees it: something that runs, blocks, and can be asked to stop.
 *
 * <p><b>Cancellation.</b> A request takes the state from {@code NONE} to {@code REQUESTED}; the first cancellation
 * point outside of protected regions takes it to {@code DELIVERED} and throws; further requests change nothing. A
 * fiber that is blocked when the request arrives cannot look at its state, so what it is blocked on, its
 * {@link Blocker}, is asked to become done. The blocker may be an operation in the kernel whose buffer must not be
 * touched before the kernel is through with it: therefore the fiber does not leave early, it leaves when the blocker
 * is done, and then finds out whether the operation or the request was faster. If the operation was, its result
 * counts and the request waits for the next cancellation point.
 */
public abstract class Fiber {
    private static final int NONE = 0;
    private static final int REQUESTED = 1;
    private static final int DELIVERED = 2;

    private static final VarHandle CANCEL_STATE;

    static {
        try {
            CANCEL_STATE = MethodHandles.lookup().findVarHandle(Fiber.class, "cancelState", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private volatile int cancelState;

    /** How many protected regions the fiber is in. Only its own thread uses it. */
    private int protection;

    /** For subclasses. */
    protected Fiber() {}

    /**
     * Blocks the calling thread, which must be this fiber's, until {@code blocker} is done. A request to stop, even
     * one that came before, is passed on to it unless the fiber is in a protected region.
     *
     * @param blocker what to wait for
     */
    public final void block(Blocker blocker) {
        if (protection == 0) {
            WaitEvent event = beginWait();
            blockCancelable(blocker);
            endWait(event, blocker);
        } else {
            blockUncancelable(blocker);
        }
    }

    /**
     * Blocks the calling thread, which must be this fiber's, until {@code blocker} is done.
     *
     * @param blocker what to wait for
     */
    public final void blockUncancelable(Blocker blocker) {
        WaitEvent event = beginWait();
        blockDeaf(blocker);
        endWait(event, blocker);
    }

    /**
     * Blocks until {@code blocker} is done, whoever asks the fiber to stop.
     *
     * @param blocker what to wait for
     */
    protected void blockDeaf(Blocker blocker) {
        while (!blocker.isDone()) {
            park(blocker);
        }
    }

    /**
     * A cancellation point.
     *
     * @throws CanceledException if the fiber was asked to stop and is in no protected region
     */
    public final void checkCancel() {
        if (cancelPending()) {
            throw canceled();
        }
    }

    /**
     * Whether a request to stop waits and may be delivered now.
     *
     * @return true if {@link #checkCancel()} would throw
     */
    public boolean cancelPending() {
        return cancelState == REQUESTED && protection == 0;
    }

    /**
     * Takes the request that waits as delivered.
     *
     * @return to be thrown by the caller
     */
    public CanceledException canceled() {
        cancelState = DELIVERED;
        return new CanceledException();
    }

    /** Takes the request that waits, if any, as delivered, because it was passed on to another task. */
    final void consumeIfPending() {
        if (cancelPending()) {
            var _ = canceled();
        }
    }

    /**
     * Asks the fiber to stop. Any thread may call this, at any time; only the first request counts.
     */
    public final void requestCancel() {
        if (CANCEL_STATE.compareAndSet(this, NONE, REQUESTED)) {
            if (FlightRecorder.isInitialized()) {
                TaskCancelEvent.record(this);
            }
            cancelBlocker();
        }
    }

    /** Forgets a delivered request: for fibers that stand for a thread and not for a task. */
    protected final void rearm() {
        cancelState = NONE;
    }

    /**
     * Whether requests wait, because the fiber is in a protected region. Only for its own thread.
     *
     * @return true within {@link dev.gyre.io.Io#protect}
     */
    protected final boolean isProtected() {
        return protection > 0;
    }

    /** Enters a protected region. */
    final void protect() {
        protection++;
    }

    /** Leaves a protected region. */
    final void unprotect() {
        protection--;
    }

    /**
     * Blocks until {@code blocker} is done, and lets {@link #cancelBlocker()} find it meanwhile. If
     * {@link #cancelPending()} holds at the start, it is asked to cancel at once.
     *
     * @param blocker what to wait for
     */
    protected abstract void blockCancelable(Blocker blocker);

    /** Null while nothing is recorded: an event's class starts the whole recorder when it is loaded. */
    private static @Nullable WaitEvent beginWait() {
        if (!FlightRecorder.isInitialized()) {
            return null;
        }
        WaitEvent event = new WaitEvent();
        event.begin();
        return event;
    }

    private static void endWait(@Nullable WaitEvent event, Blocker blocker) {
        if (event != null) {
            event.end(blocker);
        }
    }

    /** Calls {@link Blocker#cancel()} of what the fiber is blocked on in {@link #blockCancelable}, if anything. */
    protected abstract void cancelBlocker();

    /**
     * Suspends this fiber's thread, which is the calling one, until {@link #unpark()}; may also return early.
     *
     * @param blocker what the fiber waits for
     */
    protected abstract void park(Blocker blocker);

    /** Lets {@link #park} return, or the next call of it if none is under way. Any thread may call this. */
    public abstract void unpark();

    /**
     * What the fiber was made to run, as {@link BaseIo#newFiber} was given it.
     *
     * @return null if it stands for a thread that Gyre did not start
     */
    protected abstract @Nullable Runnable body();

    /**
     * The thread that runs the fiber.
     *
     * @return null before it is started
     */
    public abstract @Nullable Thread thread();

    /** The name of the fiber's thread, for people. */
    @Override
    public String toString() {
        Thread running = thread();
        return running == null ? "a task that has not started" : running.getName();
    }
}
