package dev.gyre.io.spi;

import dev.gyre.io.CanceledException;
import java.lang.invoke.VarHandle;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * A thread as {@link dev.gyre.io.Io} sees it: something that runs, blocks, and can be asked to stop.
 *
 * <p><b>Cancellation.</b> A request to stop stays: every cancellation point outside of protected regions throws, until
 * the task has ended. A fiber that is blocked when the request arrives cannot look, so its thread is interrupted. That
 * wakes it wherever it waits, in code of the JDK's too; and it is the fiber itself, on its own thread, that then asks
 * what it is blocked on, its {@link Blocker}, to become done. The blocker may be an operation in the kernel whose
 * buffer must not be touched before the kernel is through with it: therefore the fiber does not leave early, it leaves
 * when the blocker is done, and then finds out whether the operation or the request was faster. If the operation was,
 * its result counts, and the next cancellation point throws.
 *
 * <p><b>Interrupts.</b> An interrupt of a task's thread by somebody else is a request to stop like any other. A fiber
 * that stands for a thread that Gyre did not start has no other requests; its flag is left as it would be by a method
 * of the JDK's that is not interruptible, and so it is there for whoever looks at it next.
 *
 * <p><b>Limits of time</b> are scopes, and so are tasks that run as a part of their caller. When one is over,
 * cancellation points in it behave as after a request, except that nobody interrupts the thread: waits of the JDK's go
 * on.
 */
public abstract class Fiber {
    /** Written with this object's lock, and never taken back. */
    private volatile boolean requested;

    /** How many protected regions the fiber is in. Its own thread writes it, with this object's lock. */
    private int protection;

    /**
     * Whether the thread's flag was cleared, so that the thread could wait, and is to be set again. Own thread only.
     */
    private boolean interruptNoted;

    /** The innermost scope that can be told to stop by itself. Own thread only. */
    private @Nullable Scope scope;

    /** What its latest wait lacked, for which it was ended early. Own thread only. */
    private @Nullable Error shortage;

    /** What it waits for, for reports; others may see old news. */
    private @Nullable Blocker waitsFor;

    /** For subclasses. */
    protected Fiber() {}

    /**
     * Blocks the calling thread, which must be this fiber's, until {@code blocker} is done. If the fiber is to stop, be
     * it that the request came before, the blocker is asked to become done, once; except in a protected region.
     *
     * @param blocker what to wait for
     */
    public final void block(Blocker blocker) {
        block(blocker, true);
    }

    /**
     * Blocks the calling thread, which must be this fiber's, until {@code blocker} is done, whoever asks it to stop.
     *
     * @param blocker what to wait for
     */
    public final void blockUncancelable(Blocker blocker) {
        block(blocker, false);
    }

    /** Says what it is about to wait for, before it looks at what others wait for. On its own thread. */
    final void announce(Blocker blocker) {
        waitsFor = blocker;
        if (isForeign()) {
            ForeignWaiters.announce(this);
        }
        VarHandle.fullFence();
    }

    /** It does not wait for what it announced. */
    final void renounce() {
        if (isForeign()) {
            ForeignWaiters.renounce();
        }
        waitsFor = null;
    }

    private void block(Blocker blocker, boolean cancelable) {
        waitsFor = blocker;
        try {
            if (FlightRecorder.isInitialized()) {
                awaitRecorded(blocker, cancelable);
            } else {
                await(blocker, cancelable);
            }
        } finally {
            waitsFor = null;
        }
    }

    /** An event's class starts the whole recorder when it is loaded. */
    private void awaitRecorded(Blocker blocker, boolean cancelable) {
        WaitEvent event = new WaitEvent();
        event.begin();
        await(blocker, cancelable);
        try {
            event.end(blocker);
        } catch (VirtualMachineError | LinkageError untold) {
            // What the wait was for is there, and must not be lost for that.
        }
    }

    /**
     * Waits until {@code blocker} is done. A subclass may do something around it.
     *
     * @param blocker what to wait for
     * @param cancelable whether it is asked to become done when the fiber is to stop
     */
    protected void await(Blocker blocker, boolean cancelable) {
        boolean asks = cancelable;
        shortage = null;
        while (!blocker.isDone()) {
            try {
                if (asks && (shortage != null || cancelPending())) {
                    blocker.cancel();
                    asks = false;
                } else {
                    beginOrSuspend(blocker);
                    if (Thread.interrupted()) {
                        interruptNoted = true;
                    }
                }
            } catch (VirtualMachineError | LinkageError thrown) {
                // A stack or memory at its end, or a class of the JDK's that could not be initialized for lack of them.
                if (!(blocker instanceof DeferredBlocker own && own.hasBegun())) {
                    throw thrown;
                }
                // A deep stack cannot be parked. What has begun may use what is the fiber's: it ends first.
                shortage = thrown;
                tryAfterShortage();
            }
        }
        // In a protected region the flag would only end the next wait, and the one after that.
        if (interruptNoted && protection == 0) {
            restoreInterrupt();
        }
    }

    private void tryAfterShortage() {
        try {
            afterShortage();
        } catch (VirtualMachineError | LinkageError again) {
            Thread.onSpinWait();
        }
    }

    /** What this fiber's thread does instead of waiting, where it cannot, before it tries again. */
    protected void afterShortage() {
        Thread.onSpinWait();
    }

    private void beginOrSuspend(Blocker blocker) {
        if (blocker instanceof DeferredBlocker own && !own.hasBegun()) {
            begin(own);
        } else {
            suspend(blocker);
        }
    }

    private void restoreInterrupt() {
        interruptNoted = false;
        Thread.currentThread().interrupt();
    }

    /**
     * A cancellation point.
     *
     * @throws CanceledException if the fiber is to stop and is in no protected region, or if a limit of time is over
     */
    public final void checkCancel() {
        if (cancelPending()) {
            throw canceled();
        }
    }

    /**
     * Whether the fiber is to stop and may be told so now. On its own thread only.
     *
     * @return true if {@link #checkCancel()} would throw
     */
    public final boolean cancelPending() {
        return stopPending() || isOver(scope);
    }

    private boolean stopPending() {
        return protection == 0 && (requested || interruptNoted || Thread.currentThread().isInterrupted());
    }

    private boolean isOver(@Nullable Scope innermost) {
        for (Scope each = innermost; each != null; each = each.outer()) {
            if (each.protection() == protection && each.isOver()) {
                return true;
            }
        }
        return false;
    }

    /**
     * For an operation that has ended early: throws if that was because there was no stack or memory to wait for it. On
     * its own thread only.
     */
    public final void throwShortage() {
        Error latest = shortage;
        if (latest != null) {
            shortage = null;
            throw latest;
        }
    }

    /**
     * What a cancellation point throws. On its own thread only.
     *
     * @return to be thrown by the caller
     */
    public final CanceledException canceled() {
        if (!stopPending()) {
            return new CanceledException("this part of the task is to stop: its limit of time is over, or it is a task"
                    + " of a group that is canceled and runs as a part of its caller");
        }
        if (!isForeign()) {
            requestCancel();
            // Whoever catches this and then waits for something of the JDK's is not held up by it either.
            Thread.currentThread().interrupt();
        }
        return new CanceledException();
    }

    /** Asks the fiber to stop. Any thread may call this, at any time; only the first request does anything. */
    public final void requestCancel() {
        if (requested) {
            return;
        }
        StackRoom.require();
        Thread running;
        synchronized (this) {
            if (requested) {
                return;
            }
            requested = true;
            running = thread();
            if (protection == 0) {
                interrupt();
            }
        }
        if (FlightRecorder.isInitialized()) {
            try {
                TaskCancelEvent.record(running);
            } catch (VirtualMachineError | LinkageError untold) {
                // It was asked all the same, and others are to be asked next.
            }
        }
    }

    /**
     * This fiber, for an operation that begins. A foreign one may have been asked to stop because its {@code Io} was
     * closed; that ended the operation before, and this one is refused where it would have to wait. On its own thread.
     *
     * @return this
     */
    public final Fiber anew() {
        if (requested && isForeign()) {
            synchronized (this) {
                requested = false;
            }
        }
        return this;
    }

    /** Whether somebody has asked it to stop, be it that it is in a protected region. From any thread. */
    final boolean isCancelRequested() {
        return requested;
    }

    /** Whether it is in a protected region. From any thread. */
    final synchronized boolean isProtected() {
        return protection > 0;
    }

    /** Enters a region in which requests, and limits of time from outside of it, have no effect. */
    final void protect() {
        synchronized (this) {
            protection++;
        }
        if (Thread.interrupted()) {
            interruptNoted = true;
        }
    }

    /** Leaves such a region. */
    final void unprotect() {
        synchronized (this) {
            protection--;
        }
        if (protection == 0 && (interruptNoted || (requested && !isForeign()))) {
            restoreInterrupt();
        }
    }

    /** Enters a scope. */
    final void enter(Scope entered) {
        entered.enter(scope, protection);
        scope = entered;
    }

    /** Whether cancellation points obey the innermost scope, and nothing from further outside. */
    final boolean isStoppedBy(Scope innermost) {
        return innermost.isOver() && !stopPending() && !isOver(innermost.outer());
    }

    /** Leaves the innermost scope. */
    final void leave(Scope innermost) {
        scope = innermost.outer();
    }

    /**
     * Whether it stands for a thread that Gyre did not start.
     *
     * @return false for tasks
     */
    public final boolean isForeign() {
        return body() == null;
    }

    /** What it waits for, or null; old news. From any thread. */
    final @Nullable Blocker waitsFor() {
        return waitsFor;
    }

    /**
     * Interrupts the fiber's thread, because it is to stop: that wakes it wherever it waits. Called once, with this
     * object's lock, which the fiber's thread takes to enter protected regions. A subclass that stands for a thread
     * that is not Gyre's only wakes it.
     */
    protected void interrupt() {
        Thread running = thread();
        if (running != null) {
            running.interrupt();
        }
    }

    /**
     * Ends a wait of this fiber, whose thread is the calling one, because others cannot run until it ends.
     *
     * @param blocker one that {@link Blocker#needsOthers()}
     * @throws IllegalStateException unless what was waited for came in this moment
     */
    protected static void giveUp(Blocker blocker) {
        blocker.cancel();
        if (!(blocker instanceof LeavingWaiter waiter && !waiter.left())) {
            throw new IllegalStateException("this wait (" + blocker + ") would never end: it is made in a static"
                    + " initializer or below a native method, where a task cannot leave its thread, and other tasks"
                    + " that have to run on that thread cannot. Wait for tasks elsewhere");
        }
    }

    /**
     * Suspends this fiber's thread, which is the calling one, until {@link #unpark()} or an interrupt; may also return
     * early.
     *
     * @param blocker what the fiber waits for
     */
    protected abstract void suspend(Blocker blocker);

    /**
     * Begins something on this fiber's thread, which is the calling one. A subclass may park the thread as well.
     *
     * @param blocker has not begun
     */
    protected void begin(DeferredBlocker blocker) {
        StackRoom.require();
        blocker.begin();
    }

    /**
     * Makes sure that there is the stack to wait on this fiber's thread, which is the calling one.
     *
     * @throws StackOverflowError if there is not
     */
    protected void requireRoomToWait() {
        StackRoom.require();
    }

    /** Lets {@link #suspend} return, or the next call of it if none is under way. Any thread may call this. */
    public abstract void unpark();

    /**
     * Lets the fiber look again whether it is to stop. Any thread may call this. More than {@link #unpark()} only where
     * a fiber waits in other ways than by parking.
     */
    public void wake() {
        unpark();
    }

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
        return running == null ? "a task that has not started" : running.getName() + "#" + running.threadId();
    }
}
