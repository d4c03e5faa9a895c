package dev.gyre.threaded;

import dev.gyre.io.Address;
import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Clock;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Connection;
import dev.gyre.io.Directory;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Placement;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.spi.BaseIo;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.Strangers;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import dev.gyre.posix.PosixClock;
import dev.gyre.posix.Rehearsal;
import dev.gyre.posix.SocketCalls;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * {@link dev.gyre.io.Io} over system calls that block, each task on a thread of its own.
 *
 * <p>The threads belong to a pool that grows with the number of tasks and keeps a thread for a minute after its last
 * one. Every operation is made by the thread that asks for it, except where that is a virtual one.
 */
final class ThreadedIo extends BaseIo {
    /** The task that the thread runs. A thread-local and not a scoped value: those are inherited by other threads. */
    private static final ThreadLocal<@Nullable CallingFiber> TASK = new ThreadLocal<>();

    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("gyre-task-", 0).factory());
    private final Strangers strangers = new Strangers();
    private final ThreadLocal<CallingFiber> stranger =
            ThreadLocal.withInitial(() -> new CallingFiber(this, Thread.currentThread()));
    private final Directory currentDirectory = new ThreadedDirectory(this);

    private ThreadedIo(IoOptions options) {
        super(options);
    }

    static ThreadedIo open(IoOptions options) throws BackendUnavailable {
        Interruption.prepare();
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
        return PosixClock.now(clock);
    }

    @Override
    public void sleep(Duration duration) {
        sleepUntil(now(Clock.AWAKE).plus(duration));
    }

    @Override
    public void sleepUntil(Timestamp deadline) {
        long due = PosixClock.nanoTime(deadline);
        CallingFiber fiber = fiber();
        fiber.checkCancel();
        Sleep sleep = new Sleep(fiber, due);
        fiber.block(sleep);
        if (!sleep.isOver()) {
            fiber.checkCancel();
        }
    }

    @Override
    public Listener listen(Address address, ListenOptions options) throws IoException {
        SocketCalls.Bound bound = SocketCalls.listen(address, options, Sockets.SOCK_NONBLOCK);
        return new ThreadedListener(this, bound.fd(), bound.address());
    }

    @Override
    public Connection connect(Address address, Timeout timeout) throws IoException {
        CallingFiber fiber = fiber();
        fiber.checkCancel();
        long deadline = PosixClock.deadline(timeout);
        int fd = SocketCalls.socket(address, Sockets.SOCK_NONBLOCK);
        boolean connected = false;
        try {
            new Connecting(this, fiber, address, deadline).connect(fd);
            connected = true;
            return new ThreadedConnection(this, fd, address);
        } finally {
            if (!connected) {
                Files.close(fd);
            }
        }
    }

    @Override
    public Directory currentDirectory() {
        return currentDirectory;
    }

    /** The fiber of the calling thread, for an operation that begins. */
    CallingFiber fiber() {
        CallingFiber fiber = currentFiber();
        if (fiber.isStranger()) {
            strangers.requireOpen();
        }
        return fiber;
    }

    /** Those that wait here and are no tasks. */
    Strangers strangers() {
        return strangers;
    }

    /** Runs something on a thread that may block. */
    void execute(Runnable call) {
        try {
            threads.execute(call);
        } catch (RejectedExecutionException ended) {
            throw new IllegalStateException("the Io is closed", ended);
        }
    }

    @Override
    protected CallingFiber currentFiber() {
        CallingFiber task = TASK.get();
        return task == null ? stranger.get() : task;
    }

    @Override
    protected Fiber newFiber(String name, Runnable body, Placement placement) {
        return new CallingFiber(this, name, body);
    }

    @Override
    protected void start(Fiber fiber) throws ConcurrencyUnavailable {
        CallingFiber task = (CallingFiber) fiber;
        try {
            threads.execute(() -> {
                TASK.set(task);
                try {
                    task.run();
                } finally {
                    TASK.remove();
                }
            });
        } catch (OutOfMemoryError noThread) {
            throw new ConcurrencyUnavailable("the system gives no further thread for a task: " + noThread.getMessage()
                    + "; run fewer tasks at once, or raise 'ulimit -u' and the limits of the container");
        }
    }

    @Override
    protected void shutdown() {
        strangers.stop();
        threads.close();
    }

    @Override
    protected boolean onOwnTask() {
        CallingFiber task = TASK.get();
        return task != null && task.io() == this;
    }
}
