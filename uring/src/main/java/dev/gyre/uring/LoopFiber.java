package dev.gyre.uring;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import java.util.concurrent.locks.LockSupport;

/**
 * A fiber whose virtual thread is carried by a loop's own thread, always the same one.
 *
 * <p>A request to stop only wakes it, and it tells by itself what it is blocked on. That spares the handshake that
 * other fibers need each time they block. And to tell may take a lock, for which the loop's own thread must never wait:
 * the next in line for the lock may be a fiber that this thread would have to run.
 */
final class LoopFiber extends Fiber implements Bound, Runnable {
    private final LoopThread home;
    private final Runnable body;
    private final Thread thread;

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
    protected Runnable body() {
        return body;
    }

    @Override
    public Thread thread() {
        return thread;
    }

    @Override
    protected void blockCancelable(Blocker blocker) {
        boolean told = false;
        while (!blocker.isDone()) {
            if (!told && cancelPending()) {
                told = true;
                blocker.cancel();
            } else {
                park(blocker);
            }
        }
    }

    @Override
    protected void cancelBlocker() {
        unpark();
    }

    @Override
    protected void park(Blocker blocker) {
        LockSupport.park();
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
