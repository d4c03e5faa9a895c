package dev.gyre.io.spi;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The threads that an {@link dev.gyre.io.Io} did not start and that wait in its operations. When it closes, they are
 * asked to stop, as its tasks are, and waited for: what they wait for may need what closing gives back.
 */
public final class ForeignWaiters {
    /** All of them, of every {@code Io}: as what each of the threads waits. A thread can only wait once. */
    private static final Map<Thread, Fiber> BY_THREAD = new ConcurrentHashMap<>();

    private final Set<Fiber> waiting = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Thread closer;

    /** None at first. */
    public ForeignWaiters() {}

    /**
     * Counts a fiber among them. Who closes and who begins to wait each write before they look: one sees the other.
     *
     * <p>After the end, when there may be nobody left who could end a wait, it is refused where that is possible, be it
     * that a request to stop has no effect on it.
     *
     * @param fiber the calling thread's
     * @param blocker what it is blocked on
     * @param wait what it does meanwhile
     */
    public void whileWaiting(Fiber fiber, Blocker blocker, Runnable wait) {
        StackRoom.require(); // also for what takes it out again
        try {
            waiting.add(fiber);
            announce(fiber);
            if (closer != null) {
                if (blocker instanceof LeavingWaiter leaving && leaving.isRefusable()) {
                    leaving.refuse();
                } else {
                    fiber.requestCancel();
                }
            }
            wait.run();
        } finally {
            remove(fiber);
            LockSupport.unpark(closer);
        }
    }

    /** Says as what the calling thread is about to wait. */
    static void announce(Fiber fiber) {
        BY_THREAD.put(Thread.currentThread(), fiber);
    }

    /** The calling thread does not wait. */
    static void renounce() {
        BY_THREAD.remove(Thread.currentThread());
    }

    /** What a thread waits for as one that is foreign to the {@code Io} in question; null if it does not. */
    static @Nullable Blocker waitOf(Thread thread) {
        Fiber fiber = BY_THREAD.get(thread);
        return fiber == null ? null : fiber.waitsFor();
    }

    /** Once it is out, the set may lack the memory to count it, and what the wait was for must not be lost for that. */
    private void remove(Fiber fiber) {
        try {
            waiting.remove(fiber);
            renounce();
        } catch (VirtualMachineError | LinkageError uncounted) {
            Thread.onSpinWait();
        }
    }

    /**
     * For the beginning of an operation.
     *
     * @throws IllegalStateException after {@link #stop()}
     */
    public void requireOpen() {
        if (closer != null) {
            throw new IllegalStateException("the Io is closed");
        }
    }

    /** Those of the threads that wait now. */
    Stream<Fiber> fibers() {
        return waiting.stream();
    }

    /** Asks all to stop, now and for good, and waits until none of them waits any more. */
    public void stop() {
        closer = Thread.currentThread();
        waiting.forEach(ForeignWaiters::end);
        boolean interrupted = false;
        // Not isEmpty: that looks at a count, which may not be exact after a shortage of memory.
        while (waiting.iterator().hasNext()) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a request to stop does not reach, maybe for ever, as with a mutex of the closing thread's, is refused. */
    private static void end(Fiber fiber) {
        fiber.requestCancel();
        if (fiber.waitsFor() instanceof LeavingWaiter leaving && leaving.isRefusable() && !leaving.isCancelable()) {
            leaving.refuse();
        }
    }
}
