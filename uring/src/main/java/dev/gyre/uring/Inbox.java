package dev.gyre.uring;

import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What other threads have for a thread that may sleep, or may have ended.
 *
 * <p>Its owner says that it will sleep before it looks for the last time, and others add before they look whether it
 * does. So one of the two sees the other, and the system call that wakes the owner is only made where it is needed. In
 * the same way, either the owner sees what was added before its end, or who added it sees the end.
 */
final class Inbox {
    private final MpscUnboundedVarHandleArrayQueue<Runnable> tasks = new MpscUnboundedVarHandleArrayQueue<>(1024);

    private volatile boolean asleep;
    private volatile boolean closed;

    /**
     * Adds something, from any thread.
     *
     * @return whether the owner sleeps, and is to be woken by the caller
     */
    boolean add(Runnable task) {
        tasks.add(task);
        if (!asleep) {
            return false;
        }
        asleep = false;
        return true;
    }

    /** The oldest, or null. Only for the owner. */
    @Nullable Runnable poll() {
        return tasks.poll();
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /**
     * Says that the owner, who calls this, will sleep.
     *
     * @return whether it may: not if something is here, whose sender may have found it awake
     */
    boolean beginSleep() {
        asleep = true;
        return tasks.isEmpty();
    }

    /** Says that the owner, who calls this, sleeps no more. */
    void endSleep() {
        asleep = false;
    }

    /** Says that the owner, who calls this, will look once more and never again. */
    void close() {
        closed = true;
    }

    /** Whether the owner has ended. Who adds something and then finds that it has not is heard. */
    boolean isClosed() {
        return closed;
    }
}
