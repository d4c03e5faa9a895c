package dev.gyre.threaded;

import dev.gyre.host.BlockingCalls;
import dev.gyre.host.HostCalls;
import dev.gyre.host.HostClock;
import dev.gyre.host.HostRandom;
import dev.gyre.host.Rehearsal;
import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Clock;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Placement;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.spi.ClassFiles;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.ForeignFiber;
import dev.gyre.io.spi.StackRoom;
import dev.gyre.linux.Files;
import dev.gyre.posix.Kernel;
import dev.gyre.posix.PosixIo;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * {@link dev.gyre.io.Io} over system calls that block, each task on a thread of its own.
 *
 * <p>The threads belong to a pool that grows with the number of tasks and keeps a thread for some seconds after its
 * last one: long enough for those that come and go, and not much longer than a crowd stays. Every operation is made by
 * the thread that asks for it, except where that is a virtual one.
 */
final class ThreadedIo extends PosixIo {
    static {
        ClassFiles.load(Files.class, Io.class, PosixIo.class, HostCalls.class, ThreadedIo.class);
    }

    /** The task that the thread runs. A thread-local and not a scoped value: those are inherited by other threads. */
    private static final ThreadLocal<@Nullable CallingFiber> TASK = new ThreadLocal<>();

    private static final int IDLE_SECONDS = 10;

    /** Ends scopes whose time is over, for all of this kind. */
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    /** What the thread that happens to make the pool grow would hand down is not for the tasks of others. */
    private final ExecutorService threads = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform()
                    .daemon()
                    .priority(Thread.NORM_PRIORITY)
                    .inheritInheritableThreadLocals(false)
                    .name("gyre-tasks-", 0)
                    .factory());
    private final Kernel kernel = new ThreadedKernel(threads);
    private final ThreadLocal<ForeignFiber> foreign =
            ThreadLocal.withInitial(() -> new ForeignFiber(foreignWaiters()));

    private ThreadedIo(IoOptions options) {
        super(options);
    }

    static ThreadedIo open(IoOptions options) throws BackendUnavailable {
        BlockingCalls.prepare();
        ThreadedIo io = new ThreadedIo(options);
        Rehearsal.run(io);
        return io;
    }

    @Override
    public String backend() {
        return "threaded";
    }

    @Override
    public String description() {
        return "threads (blocking system calls)";
    }

    @Override
    public Timestamp now(Clock clock) {
        return HostClock.now(clock);
    }

    @Override
    public RandomGenerator random() {
        return HostRandom.FAST;
    }

    @Override
    public RandomGenerator randomSecure() {
        return HostRandom.SECURE;
    }

    @Override
    public void sleep(Duration duration) {
        sleepUntil(now(Clock.AWAKE).plus(duration));
    }

    @Override
    public void sleepUntil(Timestamp deadline) {
        long due = HostClock.nanoTime(deadline);
        Fiber fiber = begin();
        Sleep sleep = new Sleep(due);
        fiber.block(sleep);
        if (!sleep.isOver()) {
            fiber.checkCancel();
        }
    }

    @Override
    protected Kernel ownKernel() {
        return kernel;
    }

    @Override
    protected long nanoTime() {
        return System.nanoTime();
    }

    @Override
    protected long deadline(Timeout timeout) {
        return HostClock.deadline(timeout);
    }

    /** The room is that of the scope, and there is as much for the timer's end: whoever breaks off here stops all. */
    @Override
    protected Runnable startTimer(Fiber fiber, long deadline, Runnable action) {
        StackRoom.require();
        ScheduledFuture<?> timer = TIMER.schedule(action, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    protected Fiber currentFiber() {
        CallingFiber task = TASK.get();
        return task != null && task.io() == this ? task : foreign.get().anew();
    }

    @Override
    protected Fiber newFiber(String name, Runnable body, Placement placement) {
        // Also for what starts it: the pool has locks.
        StackRoom.require();
        return new CallingFiber(this, name, body);
    }

    @Override
    protected void start(Fiber fiber) throws ConcurrencyUnavailable {
        CallingFiber task = (CallingFiber) fiber;
        try {
            threads.execute(() -> {
                bind(task);
                try {
                    task.runHere();
                } finally {
                    TASK.remove();
                }
            });
        } catch (OutOfMemoryError noThread) {
            throw new ConcurrencyUnavailable("the system gives no further thread for a task: " + noThread.getMessage()
                    + "; run fewer tasks at once, or raise 'ulimit -u' and the limits of the container");
        }
    }

    /** Where there is no memory, it is waited for: nobody else would ever run the task. */
    private static void bind(CallingFiber task) {
        while (true) {
            try {
                TASK.set(task);
                return;
            } catch (OutOfMemoryError exhausted) {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    protected void shutdown() {
        foreignWaiters().stop();
        threads.close();
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("gyre-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }
}
