package dev.gyre.uring;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import java.util.concurrent.locks.LockSupport;

/** A fiber whose virtual thread is carried by a loop's own thread, always the same one. */
final class LoopFiber extends Fiber implements FiberHandler, Runnable {
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
    protected void suspend(Blocker blocker) {
        LockSupport.park();
        home.running(this);
    }

    @Override
    public void unpark() {
        LockSupport.unpark(thread);
    }
}
