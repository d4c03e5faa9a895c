package dev.gyre.io.spi;

import dev.gyre.io.Body;
import dev.gyre.io.BoundedQueue;
import dev.gyre.io.CanceledException;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Connection;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.Mutex;
import dev.gyre.io.Placement;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Semaphore;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.io.spi.name.NameService;
import dev.gyre.io.spi.name.Names;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@link Io} that is the same on every backend: tasks, groups, and the rules of cancellation.
 *
 * <p>Every task belongs to a group; those that were started without one belong to the root group. {@link #close()}
 * cancels the members of all groups.
 */
public abstract class BaseIo implements Io {
    /** The root group, and all others that have members: the way to every task. By number, for the sake of order. */
    private final Map<Long, BaseGroup<?>> busyGroups = new ConcurrentHashMap<>();

    private final ForeignWaiters foreignWaiters = new ForeignWaiters();
    private final AtomicLong groups = new AtomicLong();

    @SuppressWarnings("this-escape") // the group only keeps the reference
    private final BaseGroup<RuntimeException> root = BaseGroup.root(this);
    private volatile int concurrentLimit;
    private volatile int asyncLimit;
    private final AtomicInteger asyncRunning = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean ending;

    @SuppressWarnings("this-escape") // it only keeps the reference
    private final Names names = new Names(this, this::openNames);
    private final AtomicInteger blockingThreadCount = new AtomicInteger();
    private final ExecutorService blockingThreads = Executors.newCachedThreadPool(
            work -> new BlockingThread(work, "gyre-blocking-" + blockingThreadCount.getAndIncrement()));

    /**
     * For backends.
     *
     * @param options the limits on tasks
     */
    @SuppressWarnings("this-escape") // it is asked for its tasks, which there are none of yet
    protected BaseIo(IoOptions options) {
        busyGroups.put(root.number, root);
        asyncLimit = options.asyncLimit();
        concurrentLimit = options.concurrentLimit();
        TaskRecording.tellOf(this);
    }

    /**
     * The threads that wait here and are no tasks of this {@code Io}.
     *
     * @return always the same
     */
    protected final ForeignWaiters foreignWaiters() {
        return foreignWaiters;
    }

    /**
     * The fiber of the calling thread, made on the spot if the thread is none of this one's tasks.
     *
     * @return never null
     */
    protected abstract Fiber currentFiber();

    /**
     * Makes a fiber that will run {@code body}.
     *
     * @param name where the body was written, to be a part of the thread's name
     * @param body to run once, on the fiber's own thread; does not throw
     * @param placement where it should run
     * @return the fiber, not running yet
     */
    protected abstract Fiber newFiber(String name, Runnable body, Placement placement);

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
     * The time by {@link dev.gyre.io.Clock#AWAKE}.
     *
     * @return nanoseconds
     */
    protected abstract long nanoTime();

    /**
     * When a timeout that starts now will be over.
     *
     * @param timeout any
     * @return by {@link #nanoTime()}, saturated; {@code Long.MAX_VALUE} for never
     */
    protected abstract long deadline(Timeout timeout);

    /**
     * Does something at a time.
     *
     * @param fiber the calling one
     * @param deadline by {@link #nanoTime()}
     * @param action what to do, on any thread; does not block
     * @return to be run by {@code fiber} when it is not to happen any more, if it has not yet; afterwards too
     */
    protected abstract Runnable startTimer(Fiber fiber, long deadline, Runnable action);

    /**
     * A place where another task may come in between, if it so happens. A simulator decides whether it does; elsewhere
     * it happens by itself. Called without locks, by the operations that other tasks can notice.
     */
    protected void interleave() {}

    /**
     * Which of some fibers that wait for the same thing is served.
     *
     * @param count how many wait, 2 or more
     * @return 0 for the one that has waited longest, up to {@code count - 1}
     */
    protected int choose(int count) {
        return 0;
    }

    /**
     * Who looks host names up.
     *
     * @return asked for once, when the first name is looked up
     */
    protected NameService openNames() {
        return NameService.installed(this);
    }

    @Override
    public final <T extends @Nullable Object, X extends Exception> Task<T, X> async(Body<T, X> body) {
        return async(root, body);
    }

    @Override
    public final <T extends @Nullable Object, X extends Exception> Task<T, X> concurrent(Body<T, X> body)
            throws ConcurrencyUnavailable {
        return concurrent(root, Placement.BALANCED, body);
    }

    @Override
    public final <X extends Exception> Group<X> group() {
        return BaseGroup.failingTogether(this, groups.incrementAndGet());
    }

    @Override
    public final <X extends Exception> Group<X> group(Consumer<? super Throwable> failureHandler) {
        return BaseGroup.failingApart(this, groups.incrementAndGet(), Objects.requireNonNull(failureHandler));
    }

    @Override
    public final void setAsyncLimit(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("async limit " + limit + " is negative");
        }
        asyncLimit = limit;
    }

    @Override
    public final void setConcurrentLimit(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("concurrent limit " + limit + " is negative");
        }
        concurrentLimit = limit;
    }

    @Override
    public final int select(List<? extends Task<?, ?>> tasks) {
        List<BaseTask<?, ?>> own = own(tasks);
        interleave();
        Fiber fiber = currentFiber();
        fiber.checkCancel();
        int ended = ended(own);
        if (ended < 0) {
            own.forEach(task -> task.requireOther(fiber));
            new Selection(fiber, own).await();
            ended = ended(own);
            if (ended < 0) {
                throw fiber.canceled();
            }
        }
        return ended;
    }

    @Override
    public final Mutex mutex() {
        return new BaseMutex(this);
    }

    @Override
    public final ResetEvent resetEvent() {
        return new BaseResetEvent(this);
    }

    @Override
    public final Semaphore semaphore(int permits) {
        return new BaseSemaphore(this, permits);
    }

    @Override
    public final <T> BoundedQueue<T> queue(int capacity) {
        return new BaseQueue<>(this, capacity);
    }

    @Override
    public final boolean cancelRequested() {
        interleave();
        return currentFiber().cancelPending();
    }

    @Override
    public final void checkCancel() {
        interleave();
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
    public final <T extends @Nullable Object, X extends Exception> T within(Timeout limit, Body<T, X> body)
            throws X, TimeoutException {
        long deadline = deadline(limit);
        if (deadline == Long.MAX_VALUE) {
            return body.run();
        }
        Fiber fiber = currentFiber();
        Runnable timer = () -> {};
        TimeLimit scope = new TimeLimit(this, fiber, deadline);
        fiber.enter(scope);
        try {
            if (!scope.isOver()) {
                timer = startTimer(fiber, deadline, scope::end);
            }
            return body.run();
        } catch (CanceledException canceled) {
            if (fiber.isStoppedBy(scope)) {
                TimeoutException late = new TimeoutException("not done within its limit of time, " + limit);
                late.initCause(canceled);
                throw late;
            }
            throw canceled;
        } finally {
            fiber.leave(scope);
            timer.run();
        }
    }

    @Override
    public final Lookup lookup(String host, LookupOptions options) throws IoException {
        return names.lookup(host, options);
    }

    @Override
    public final Connection connect(String host, int port, LookupOptions options) throws IoException {
        return names.connect(host, port, options);
    }

    @Override
    public final Arena arena() {
        return SharedArena.open();
    }

    @Override
    public final String describeTasks() {
        return taskStates().map(TaskState::toString).collect(Collectors.joining("\n"));
    }

    /** What every task and every foreign thread that waits is doing. */
    final Stream<TaskState> taskStates() {
        return Stream.concat(
                busyGroups.values().stream().flatMap(group -> group.members().stream()).map(TaskState::of),
                foreignWaiters.fibers().map(TaskState::ofForeign));
    }

    @Override
    public final <T extends @Nullable Object, X extends Exception> T blocking(Body<T, X> body) throws X {
        Fiber fiber = currentFiber();
        BlockingCall<T, X> call = new BlockingCall<>(this, fiber, body);
        fiber.block(call);
        return call.outcome();
    }

    /**
     * Runs something on a thread that may block. A simulator may have that thread take part.
     *
     * @param fiber the calling one, which then waits for it
     * @param call to run once; does not throw
     * @throws IllegalStateException if the {@code Io} is closed
     */
    protected void executeBlocking(Fiber fiber, Runnable call) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try {
            blockingThreads.execute(() -> LentThread.run(loader, call));
        } catch (RejectedExecutionException _) {
            throw new IllegalStateException("the Io is closed");
        }
    }

    /**
     * The threads for calls that block, which are those of {@link #blocking}.
     *
     * @return refuses whatever comes after the end
     */
    protected final Executor blockingThreads() {
        return blockingThreads;
    }

    @Override
    public final void close() {
        requireOutside();
        if (closed.compareAndSet(false, true)) {
            endTasks();
            shutdown();
            blockingThreads.close();
            TaskRecording.tellNoMoreOf(this);
        }
    }

    /** Refuses whoever closing would wait for, be it that one of its tasks waits for the calling thread. */
    private void requireOutside() {
        boolean inside = !currentFiber().isForeign() || runsTask(Thread.currentThread());
        for (BlockingCall<?, ?> call = BlockingThread.currentCall(); call != null && !inside; call = call.outer()) {
            inside = call.io() == this || runsTask(call.caller());
        }
        if (inside) {
            throw new IllegalStateException("an Io cannot be closed by one of its own tasks, nor by what runs in its"
                    + " blocking(...): it waits for them; let the thread that opened it close it");
        }
    }

    /** By the threads of all tasks: what a thread itself has to know its task by, the program can change. */
    private boolean runsTask(Thread thread) {
        return busyGroups.values().stream().anyMatch(group -> group.hasMemberOn(thread));
    }

    /**
     * The task for which a thread was started, found by going through all of them.
     *
     * @param thread any
     * @return null if it was started for something else
     */
    protected final @Nullable Fiber taskOn(Thread thread) {
        for (BaseGroup<?> group : busyGroups.values()) {
            Fiber fiber = group.fiberOn(thread);
            if (fiber != null) {
                return fiber;
            }
        }
        return null;
    }

    /** Takes no further task, asks all to stop, and waits for them. Not called from one of them. */
    protected final void endTasks() {
        stopTasks();
        busyGroups.values().forEach(group -> group.awaitEnd("close"));
    }

    /** Asks all tasks to stop, as {@link #endTasks} does, and does not wait for them. */
    protected final void stopTasks() {
        ending = true;
        busyGroups.values().forEach(BaseGroup::requestCancel);
    }

    /** Starts a member of {@code group}, or runs it at once where the limit is reached. */
    <T extends @Nullable Object, X extends Exception> Task<T, X> async(BaseGroup<?> group, Object work) {
        if (!reserve(asyncRunning, asyncLimit)) {
            return runHere(group, work);
        }
        running.incrementAndGet();
        try {
            return launch(group, Placement.BALANCED, new AsyncTask<>(group, work));
        } catch (ConcurrencyUnavailable noThread) {
            return runHere(group, work);
        }
    }

    /** One that counted against the limit of {@link #async} does so no more. */
    void asyncWorkEnded() {
        asyncRunning.decrementAndGet();
    }

    /** Starts a member of {@code group}. */
    <T extends @Nullable Object, X extends Exception> Task<T, X> concurrent(
            BaseGroup<?> group, Placement placement, Object work) throws ConcurrencyUnavailable {
        int limit = concurrentLimit;
        if (!reserve(running, limit)) {
            throw new ConcurrencyUnavailable(limit);
        }
        return launch(group, placement, new BaseTask<>(group, work));
    }

    /** Takes one out of those that wait in {@code list}, which is not empty. */
    Waiter takeOne(WaitList list) {
        Waiter chosen = list.get(list.size() == 1 ? 0 : choose(list.size()));
        list.remove(chosen);
        return chosen;
    }

    /** Whether {@link #endTasks()} was called. A group that became busy before it was is found by it. */
    boolean isClosed() {
        return ending;
    }

    /** A group gets its first member. */
    void groupBusy(BaseGroup<?> group) {
        if (group != root) {
            busyGroups.put(group.number, group);
        }
    }

    /** A group has no member any more. */
    void groupIdle(BaseGroup<?> group) {
        if (group != root) {
            busyGroups.remove(group.number);
        }
    }

    /** A member of some group has ended. */
    void taskEnded() {
        running.decrementAndGet();
    }

    private <T extends @Nullable Object, X extends Exception> BaseTask<T, X> runHere(
            BaseGroup<?> group, Object work) {
        Fiber host = currentFiber();
        BaseTask<T, X> task = new HostedTask<>(group, work, host);
        group.add(task);
        running.incrementAndGet();
        if (group == root) {
            task.run();
        } else {
            group.run(task, host);
        }
        return task;
    }

    /** Starts a task that was counted already. If that fails, be it for want of stack or memory, there was no task. */
    private <T extends @Nullable Object, X extends Exception> BaseTask<T, X> launch(
            BaseGroup<?> group, Placement placement, BaseTask<T, X> task) throws ConcurrencyUnavailable {
        boolean joined = false;
        boolean started = false;
        try {
            Fiber fiber = newFiber(task.name(), task, placement);
            task.runsOn(fiber);
            group.add(task);
            joined = true;
            start(fiber);
            started = true;
            return task;
        } finally {
            if (!started) {
                task.workEnded();
                if (joined) {
                    group.ended(task, null);
                } else {
                    taskEnded();
                }
            }
        }
    }

    private List<BaseTask<?, ?>> own(List<? extends Task<?, ?>> tasks) {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("select among no tasks would wait for ever");
        }
        List<BaseTask<?, ?>> own = new ArrayList<>(tasks.size());
        for (Task<?, ?> task : tasks) {
            if (!(task instanceof BaseTask<?, ?> known) || known.io() != this) {
                throw new IllegalArgumentException(task + " is not a task of this Io");
            }
            own.add(known);
        }
        return own;
    }

    /** The index of the first task that has ended, or -1. */
    private static int ended(List<BaseTask<?, ?>> tasks) {
        for (int i = 0; i < tasks.size(); i++) {
            if (tasks.get(i).isDone()) {
                return i;
            }
        }
        return -1;
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
