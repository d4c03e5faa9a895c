package dev.gyre.io.spi;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A fiber on a thread of the JDK's, platform or virtual, about which nothing else is known. */
public class ThreadFiber extends Fiber {
    private volatile @Nullable Thread thread;

    /** What its thread waits in. */
    private volatile @Nullable InPlaceBlocker inPlace;

    /** Whether it is to look again before it waits in something. */
    private volatile boolean woken;

    /** Null if the fiber stands for a thread that Gyre did not start. */
    private final @Nullable Runnable body;

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
     * Tells which thread runs the fiber, before it runs anything. A request to stop that came before is handed on.
     *
     * @param newThread the thread
     */
    public final synchronized void started(Thread newThread) {
        thread = newThread;
        if (isCancelRequested()) {
            newThread.interrupt();
        }
    }

    /** The thread runs something else from now on. On that thread, whose flag is left as it was before the fiber. */
    protected final void ended() {
        synchronized (this) {
            thread = null;
        }
        Thread.interrupted();
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
    protected void interrupt() {
        if (body == null) {
            wake();
        } else {
            super.interrupt();
        }
    }

    /**
     * Who wakes the fiber writes {@code woken} and then looks where it waits; the fiber says where it will wait and
     * then looks at {@code woken}. So one of the two sees the other.
     */
    @Override
    protected void suspend(Blocker awaited) {
        if (!(awaited instanceof InPlaceBlocker own)) {
            LockSupport.park(this);
            return;
        }
        inPlace = own;
        if (woken) {
            woken = false;
        } else {
            own.suspend();
        }
        inPlace = null;
    }

    @Override
    public void wake() {
        woken = true;
        InPlaceBlocker waitsIn = inPlace;
        if (waitsIn != null) {
            waitsIn.interrupt();
        }
        unpark();
    }

    @Override
    public void unpark() {
        LockSupport.unpark(thread);
    }
}
