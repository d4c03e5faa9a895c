package dev.gyre.io.spi;

import dev.gyre.io.CanceledException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fiber on a thread of the JDK's, platform or virtual, about which nothing else is known.
 *
 * <p>The canceller runs on another thread and must not reach a blocker that the fiber has left, since operations are
 * used again. So it takes the blocker out of its field, puts {@code BUSY} in its place while it talks to it, and the
 * fiber does not leave before the field is free again. It parks until then: the canceller may be waiting for a lock,
 * and that for a virtual thread which needs the carrier that this fiber is on.
 */
public class ThreadFiber extends Fiber {
    private static final VarHandle BLOCKER;

    static {
        try {
            BLOCKER = MethodHandles.lookup().findVarHandle(ThreadFiber.class, "blocker", Blocker.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Stands for a blocker that the canceller talks to. */
    private static final Blocker BUSY = new Sentinel();

    /** Stands for a blocker that the canceller talks to, and the fiber waits for the end of that. */
    private static final Blocker AWAITED = new Sentinel();

    /** Stands for a blocker that was told. */
    private static final Blocker TOLD = new Sentinel();

    private volatile @Nullable Thread thread;
    private volatile @Nullable Blocker blocker;

    /** Null if the fiber stands for a thread that Gyre did not start, which has no end and can be told repeatedly. */
    private final @Nullable Runnable body;

    /** Whether the request to stop was an interrupt, whose flag is set again when it is delivered. */
    private boolean interrupted;

    /**
     * A fiber for a task; its thread is set by {@link #started}.
     *
     * @param body what it was made to run
     */
    public ThreadFiber(Runnable body) {
        this.body = body;
    }

    /**
     * A fiber that stands for a thread that Gyre did not start.
     *
     * @param thread the thread
     */
    public ThreadFiber(Thread thread) {
        this.body = null;
        this.thread = thread;
    }

    /**
     * Tells which thread runs the fiber, before it does.
     *
     * @param newThread the thread
     */
    public final void started(Thread newThread) {
        thread = newThread;
    }

    @Override
    protected final @Nullable Runnable body() {
        return body;
    }

    @Override
    public final @Nullable Thread thread() {
        return thread;
    }

    @Override
    public boolean cancelPending() {
        return super.cancelPending()
                || (body == null && !isProtected() && Thread.currentThread().isInterrupted());
    }

    @Override
    public CanceledException canceled() {
        CanceledException exception = super.canceled();
        if (interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
        if (body == null) {
            rearm();
        }
        return exception;
    }

    @Override
    protected void blockCancelable(Blocker newBlocker) {
        blocker = newBlocker;
        if (cancelPending()) {
            tell(newBlocker, true);
        }
        while (!newBlocker.isDone()) {
            park(newBlocker);
        }
        leave();
        restoreInterrupt();
    }

    @Override
    protected void blockDeaf(Blocker newBlocker) {
        super.blockDeaf(newBlocker);
        restoreInterrupt();
    }

    @Override
    protected final void cancelBlocker() {
        Blocker found = blocker;
        if (found != null && !(found instanceof Sentinel)) {
            tell(found, false);
        }
    }

    /**
     * Tells {@code found} to end, unless somebody does or did. A canceller may come late, when the fiber has already
     * noticed the request, delivered it and blocked on something else, which has nothing to do with it. Only while the
     * fiber cannot leave is that certain.
     *
     * @param own whether the caller is the fiber, which knows that a request waits
     */
    private void tell(Blocker found, boolean own) {
        boolean tells;
        do {
            if (!BLOCKER.compareAndSet(this, found, BUSY)) {
                return;
            }
            tells = own || super.cancelPending();
            if (tells) {
                found.cancel();
            }
            release(tells ? TOLD : found);
            // A request that came meanwhile found BUSY, and left it to this one.
        } while (!tells && super.cancelPending());
    }

    private void release(Blocker after) {
        if (!BLOCKER.compareAndSet(this, BUSY, after)) {
            blocker = after;
            unpark();
        }
    }

    @Override
    protected final void park(Blocker awaited) {
        suspend(awaited);
        if (Thread.interrupted()) {
            noticeInterrupt();
        }
    }

    /**
     * Suspends the calling thread, which is this fiber's, until {@link #unpark()} or an interrupt; may also return
     * early. A backend whose fibers wait in other ways than by parking does so here.
     *
     * @param awaited what the fiber waits for
     */
    protected void suspend(Blocker awaited) {
        LockSupport.park(this);
    }

    @Override
    public void unpark() {
        LockSupport.unpark(thread);
    }

    private void leave() {
        while (true) {
            Blocker found = blocker;
            if (found == AWAITED || (found == BUSY && BLOCKER.compareAndSet(this, BUSY, AWAITED))) {
                park(AWAITED);
            } else if (found != BUSY && BLOCKER.compareAndSet(this, found, (Blocker) null)) {
                return;
            }
        }
    }

    /** The flag must be cleared, or {@code park} would not block any more. */
    private void noticeInterrupt() {
        Thread.interrupted();
        interrupted = true;
        requestCancel();
    }

    /** An interrupt that was not delivered shows in the thread's flag again, for whatever that thread calls next. */
    private void restoreInterrupt() {
        if (body == null && interrupted) {
            interrupted = false;
            rearm();
            Thread.currentThread().interrupt();
        }
    }

    private static final class Sentinel implements Blocker {
        @Override
        public boolean isDone() {
            throw new AssertionError("nobody blocks on a sentinel");
        }

        @Override
        public void cancel() {
            throw new AssertionError("nobody blocks on a sentinel");
        }

        @Override
        public String operation() {
            throw new AssertionError("nobody blocks on a sentinel");
        }
    }
}
