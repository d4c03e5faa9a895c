package dev.gyre.uring;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fiber whose virtual thread is carried by a loop's own thread, always the same one.
 *
 * <p>So what it is blocked on is only ever looked at by that thread: a request to stop that comes from elsewhere
 * travels to the loop first. That spares the atomic handshake that other fibers need each time they block.
 */
final class LoopFiber extends Fiber implements Bound, Runnable {
    private final LoopThread home;
    private final Runnable body;
    private final Thread thread;
    private @Nullable Blocker blocker;

    LoopFiber(LoopThread home, String name, Runnable body) {
        this.home = home;
        this.body = body;
        this.thread = VirtualThreads.unstarted(home, name, this, this);
    }

    /** What its thread runs. */
    @Override
    public void run() {
        home.running(this);
        body.run();
    }

    LoopThread home() {
        return home;
    }

    @Override
    public Thread thread() {
        return thread;
    }

    @Override
    protected void blockCancelable(Blocker newBlocker) {
        blocker = newBlocker;
        if (cancelPending()) {
            newBlocker.cancel();
        }
        while (!newBlocker.isDone()) {
            park();
        }
        blocker = null;
    }

    @Override
    protected void cancelBlocker() {
        if (home.isCurrent()) {
            cancelHere();
        } else {
            home.execute(this::cancelHere);
        }
    }

    /** The request may have been delivered by the time it arrives here: then it is over. */
    private void cancelHere() {
        Blocker found = blocker;
        if (found != null && cancelPending()) {
            found.cancel();
        }
    }

    @Override
    protected void park() {
        LockSupport.park(this);
        home.running(this);
        if (Thread.interrupted()) {
            requestCancel();
        }
    }

    @Override
    public void unpark() {
        LockSupport.unpark(thread);
    }
}
