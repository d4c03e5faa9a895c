package dev.gyre.io.spi;

import dev.gyre.io.Body;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Placement;
import dev.gyre.io.Task;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@link Io} that is the same on every backend: tasks, groups, and the rules of cancellation.
 *
 * <p>Every task belongs to a group; those that were started without one belong to the root group. {@link #close()}
 * cancels the members of all groups.
 */
public abstract class BaseIo implements Io {
    /** The root group, and all others that have members: the way to every task. */
    private final Set<BaseGroup<?>> busyGroups = ConcurrentHashMap.newKeySet();

    @SuppressWarnings("this-escape") // the group only keeps the reference
    private final BaseGroup<RuntimeException> root = new BaseGroup<>(this, false);
    private final int concurrentLimit;
    private volatile int asyncLimit;
    private final AtomicInteger asyncRunning = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ExecutorService blockingThreads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("gyre-blocking-", 0).factory());

    /**
     * For backends.
     *
     * @param options the limits on tasks
     */
    protected BaseIo(IoOptions options) {
        busyGroups.add(root);
        asyncLimit = options.asyncLimit();
        concurrentLimit = options.concurrentLimit();
    }

    /**
     * The fiber of the calling thread, made on the spot if the thread is a stranger.
     *
     * @return never null
     */
    protected abstract Fiber currentFiber();

    /**
     * Makes a fiber that will run {@code body}.
     *
     * @param body to run once, on the fiber's own thread; does not throw
     * @param placement where it should run
     * @return the fiber, not running yet
     */
    protected abstract Fiber newFiber(Runnable body, Placement placement);

    /**
     * Lets a new fiber run.
     *
     * @param fiber made by {@link #newFiber}
     * @throws ConcurrencyUnavailable if the machine gives no further thread; the fiber will not run then
     */
    protected abstract void start(Fiber fiber) throws ConcurrencyUnavailable;

    /** Gives the backend's resources back. No task runs any more; called once, by a thread that is none of them. */
    protected abstract void shutdown();

    /**
     * Whether the calling thread runs one of this backend's tasks.
     *
     * @return false for strangers
     */
    protected abstract boolean onOwnTask();

    @Override
    public final <T extends @Nullable Object, X extends Exception> Task<T, X> async(Body<T, X> body) {
        return async(root, body);
    }

    @Override
    public final <T extends @Nullable Object, X extends Exception> Task<T, X> concurrent(Body<T, X> body)
            throws ConcurrencyUnavailable {
        return concurrent(root, Placement.NEAR, body);
    }

    @Override
    public final <X extends Exception> Group<X> group() {
        return new BaseGroup<>(this, true);
    }

    @Override
    public final void setAsyncLimit(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("async limit " + limit + " is negative");
        }
        asyncLimit = limit;
    }

    @Override
    public final boolean cancelRequested() {
        return currentFiber().cancelPending();
    }

    @Override
    public final void checkCancel() {
        currentFiber().checkCancel();
    }

    @Override
    public final <T extends @Nullable Object, X extends Exception> T protect(Body<T, X> body) throws X {
        Fiber fiber = currentFiber();
        fiber.protect();
        try {
            return body.run();
        } finally {
            fiber.unprotect();
        }
    }

    @Override
    public final <T extends @Nullable Object, X extends Exception> T blocking(Body<T, X> body) throws X {
        Fiber fiber = currentFiber();
        BlockingCall<T, X> call = new BlockingCall<>(fiber, body);
        blockingThreads.execute(call);
        fiber.blockUncancelable(call);
        return call.outcome();
    }

    @Override
    public final void close() {
        if (onOwnTask()) {
            throw new IllegalStateException("an Io cannot be closed by one of its own tasks");
        }
        if (closed.compareAndSet(false, true)) {
            busyGroups.forEach(BaseGroup::requestCancel);
            busyGroups.forEach(BaseGroup::awaitEnd);
            shutdown();
            blockingThreads.close();
        }
    }

    /** Starts a member of {@code group}, or runs it at once where the limit is reached. */
    <T extends @Nullable Object, X extends Exception> Task<T, X> async(BaseGroup<?> group, Body<T, X> body) {
        if (!reserve(asyncRunning, asyncLimit)) {
            return runHere(group, body);
        }
        running.incrementAndGet();
        try {
            return launch(group, Placement.NEAR, new BaseTask<>(this, group, () -> {
                try {
                    return body.run();
                } finally {
                    asyncRunning.decrementAndGet();
                }
            }));
        } catch (IllegalStateException closedGroup) {
            asyncRunning.decrementAndGet();
            throw closedGroup;
        } catch (ConcurrencyUnavailable noThread) {
            asyncRunning.decrementAndGet();
            return runHere(group, body);
        }
    }

    /** Starts a member of {@code group}. */
    <T extends @Nullable Object, X extends Exception> Task<T, X> concurrent(
            BaseGroup<?> group, Placement placement, Body<T, X> body) throws ConcurrencyUnavailable {
        if (!reserve(running, concurrentLimit)) {
            throw new ConcurrencyUnavailable(concurrentLimit);
        }
        return launch(group, placement, new BaseTask<>(this, group, body));
    }

    /** Whether {@link #close()} was called. A group that became busy before it was is found by it. */
    boolean isClosed() {
        return closed.get();
    }

    /** A group gets its first member. */
    void groupBusy(BaseGroup<?> group) {
        if (group != root) {
            busyGroups.add(group);
        }
    }

    /** A group has no member any more. */
    void groupIdle(BaseGroup<?> group) {
        if (group != root) {
            busyGroups.remove(group);
        }
    }

    /** A member of some group has ended. */
    void taskEnded() {
        running.decrementAndGet();
    }

    private <T extends @Nullable Object, X extends Exception> BaseTask<T, X> runHere(
            BaseGroup<?> group, Body<T, X> body) {
        BaseTask<T, X> task = new BaseTask<>(this, group, body);
        running.incrementAndGet();
        join(group, task);
        task.run();
        return task;
    }

    private <T extends @Nullable Object, X extends Exception> BaseTask<T, X> launch(
            BaseGroup<?> group, Placement placement, BaseTask<T, X> task) throws ConcurrencyUnavailable {
        Fiber fiber = newFiber(task, placement);
        task.runsOn(fiber);
        join(group, task);
        try {
            start(fiber);
        } catch (ConcurrencyUnavailable noThread) {
            group.ended(task, null);
            throw noThread;
        }
        return task;
    }

    private void join(BaseGroup<?> group, BaseTask<?, ?> task) {
        try {
            group.add(task);
        } catch (IllegalStateException closedGroup) {
            taskEnded();
            throw closedGroup;
        }
    }

    private static boolean reserve(AtomicInteger count, int limit) {
        while (true) {
            int now = count.get();
            if (now >= limit) {
                return false;
            }
            if (count.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }
}
