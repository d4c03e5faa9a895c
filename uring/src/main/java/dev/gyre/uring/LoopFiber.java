package dev.gyre.uring;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.DeferredBlocker;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.StackRoom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fiber whose virtual thread is carried by a loop's own thread: always the same one, unless it moves from one that is
 * busy to one that is not ({@link Load}).
 */
final class LoopFiber extends Fiber implements FiberHandler, Runnable {
    private final Home home;
    private final Runnable body;
    private final Thread thread;

    /** The latest window of its loop's {@link Load} in which it has read. */
    int lastWindow = -1;

    LoopFiber(LoopThread loop, String name, Runnable body) {
        this.home = new Home(loop, !loop.isCurrent());
        this.body = body;
        this.thread = VirtualThreads.unstarted(home, name, this, this);
    }

    /** What its thread runs. */
    @Override
    public void run() {
        home.begin();
        home().running(this);
        try {
            body.run();
        } finally {
            home.end();
        }
    }

    LoopThread home() {
        return home.loop();
    }

    /**
     * Goes on on another loop, unless a frame of the virtual machine's or of native code keeps it on its thread, or
     * there is too little stack to leave it. Called by itself, with no wait under way.
     */
    void moveTo(LoopThread target) {
        try {
            StackRoom.requireToPark();
        } catch (StackOverflowError noRoom) {
            return;
        }
        LoopThread before = home();
        home.set(target, true);
        try {
            Thread.yield();
        } finally {
            if (VirtualThreads.carrier() != home()) {
                home.set(before, false);
            }
        }
        home().running(this);
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
    protected void begin(DeferredBlocker blocker) {
        if (blocker instanceof LoopWait own) {
            park(own, own);
            return;
        }
        Thread.yield(); // where this fails, so would the wait
        super.begin(blocker);
        home().running(this);
    }

    @Override
    protected void suspend(Blocker blocker) {
        park(blocker, null);
    }

    /** It does so on a thread that is the same for all, and where little is new. */
    @Override
    protected void requireRoomToWait() {
        StackRoom.requireToPark();
    }

    /**
     * Says what it leaves for, and leaves. Where it cannot, because a frame of the virtual machine's or of native code
     * lies on its stack, or for lack of memory, the JDK would let the carrier wait, which is the loop itself. But the
     * loop's thread has a permit for that ({@link LoopThread#neverParks}): so it is here again at once, with the loop
     * having run nobody else. Then the loop turns below it.
     */
    private void park(Blocker blocker, @Nullable LoopWait beginning) {
        // At the very end of a stack the JDK itself may crash when it takes the stack off its thread, or puts it back.
        StackRoom.requireToPark();
        LoopThread loop = home();
        long run = loop.runs;
        loop.leavingFor = beginning;
        try {
            LockSupport.park();
        } catch (Throwable thrown) {
            // No call: there may be no stack for one.
            loop.leavingFor = null;
            throw thrown;
        }
        loop.leavingFor = null;
        if (loop.holds(run)) {
            staysFor(blocker, beginning);
        }
        loop.running(this);
    }

    private void staysFor(Blocker blocker, @Nullable LoopWait beginning) {
        if (beginning != null) {
            super.begin(beginning);
        }
        if (blocker.needsOthers() && home().isHeldUp()) {
            giveUp(blocker);
        }
        home().turnInPlace();
    }

    /** It would keep the loop from turning. */
    @Override
    protected void afterShortage() {
        home().turnInPlace();
    }

    @Override
    public void unpark() {
        LockSupport.unpark(thread);
    }
}
