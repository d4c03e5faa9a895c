package dev.gyre.uring;

import dev.gyre.host.HostCalls;
import dev.gyre.host.HostClock;
import dev.gyre.host.HostRandom;
import dev.gyre.host.Rehearsal;
import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Placement;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.spi.ClassFiles;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.StackRoom;
import dev.gyre.io.spi.ThreadFiber;
import dev.gyre.linux.Files;
import dev.gyre.posix.Kernel;
import dev.gyre.posix.PosixIo;
import dev.gyre.ring.Loop;
import dev.gyre.ring.RingException;
import dev.gyre.ring.RingOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * {@link dev.gyre.io.Io} over io_uring: some loops, and the tasks on them.
 *
 * <p>Where the JDK lets us schedule virtual threads ({@link VirtualThreads}), a task is carried by a loop's own thread
 * and writes its operations straight into that loop's ring. Otherwise tasks are ordinary virtual threads, and they,
 * like every other thread that calls, send their operations to a loop.
 */
final class UringIo extends PosixIo {
    static {
        ClassFiles.load(Files.class, Loop.class, Io.class, PosixIo.class, HostCalls.class, UringIo.class);
    }

    /** What the names of threads that run tasks begin with. */
    private static final String TASK_NAME = "gyre-task ";

    /** One string for each place where tasks are written. */
    private static final ConcurrentMap<String, String> THREAD_NAMES = new ConcurrentHashMap<>();

    /** How much of {@link #unheard} there may be before who has more waits. */
    private static final int UNHEARD_MAX = 1000;

    private final List<LoopThread> loops = new ArrayList<>();
    private final Watchdog watchdog;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * What loops were told of timers by fibers that none of them carries, and have not come to yet. Nobody waits for an
     * answer to that, and it would become more and more where they set limits of time faster than a loop hears of it.
     */
    private final AtomicInteger unheard = new AtomicInteger();

    /** For threads that cannot be told from those of others. */
    private final ThreadLocal<Fiber> unknown = ThreadLocal.withInitial(this::newUnknown);

    private final Kernel kernel = new UringKernel(this, blockingThreads());

    private UringIo(IoOptions options) {
        super(options);
        this.watchdog = new Watchdog(loops, options.stall());
    }

    static UringIo open(IoOptions options) throws RingException {
        UringIo io = new UringIo(options);
        boolean opened = false;
        try {
            io.openLoops(options);
            io.watchdog.start();
            Rehearsal.run(io);
            opened = true;
            return io;
        } finally {
            if (!opened) {
                io.close();
            }
        }
    }

    private void openLoops(IoOptions options) throws RingException {
        int count = options.loops() == 0 ? Runtime.getRuntime().availableProcessors() : options.loops();
        for (int i = 0; i < count; i++) {
            LoopThread loop = new LoopThread(this, i, RingOptions.DEFAULT);
            loop.open();
            if (options.pinned()) {
                Pinning.pin(loop, i);
            }
            loops.add(loop);
        }
        for (LoopThread loop : loops) {
            loop.load().compareWith(loops);
        }
    }

    @Override
    public String backend() {
        return "uring";
    }

    @Override
    public String description() {
        return "io_uring, " + loops.size() + (loops.size() == 1 ? " loop, " : " loops, ")
                + (VirtualThreads.schedulable()
                        ? "tasks on the loops' own threads"
                        : "tasks on the JDK's virtual threads, because " + VirtualThreads.refusal());
    }

    /** The loop that the calling thread's operations go to: its own, or any. */
    LoopThread loopFor(Fiber fiber) {
        return fiber instanceof LoopFiber own ? own.home() : loops.getFirst();
    }

    /** The next loop in turn. */
    LoopThread nextLoop() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    @Override
    protected Fiber currentFiber() {
        Fiber task = currentTask();
        return task == null ? unknown.get().anew() : task;
    }

    /** The task of this {@code Io} that the calling thread runs; to other ones it is as foreign as any thread. */
    private @Nullable Fiber currentTask() {
        Thread current = Thread.currentThread();
        if (VirtualThreads.schedulable() && VirtualThreads.carrier() instanceof LoopThread carrier) {
            LoopFiber latest = carrier.latest();
            if (latest != null && latest.thread() == current && carrier.belongsTo(this)) {
                return latest;
            }
        }
        return switch (current.getUncaughtExceptionHandler()) {
            case LoopFiber task when task.thread() == current && task.home().belongsTo(this) -> task;
            case TaskFiber task when task.thread() == current && task.io == this -> task;
            case null, default -> null;
        };
    }

    /** A task may have made a handler of its own its thread's. */
    private Fiber newUnknown() {
        Thread current = Thread.currentThread();
        boolean disguised = current.isVirtual() && !(current.getUncaughtExceptionHandler() instanceof ThreadGroup);
        Fiber task = disguised ? taskOn(current) : null;
        return task == null ? new UringForeignFiber(foreignWaiters()) : task;
    }

    @Override
    protected Fiber newFiber(String name, Runnable body, Placement placement) {
        String threadName = THREAD_NAMES.computeIfAbsent(name, TASK_NAME::concat);
        if (!VirtualThreads.schedulable()) {
            TaskFiber fiber = new TaskFiber(this, body);
            fiber.started(Thread.ofVirtual().name(threadName).uncaughtExceptionHandler(fiber).unstarted(body));
            return fiber;
        }
        return new LoopFiber(place(placement), threadName, body);
    }

    private LoopThread place(Placement placement) {
        if (placement == Placement.SPREAD
                || !(VirtualThreads.carrier() instanceof LoopThread own)
                || !own.belongsTo(this)) {
            return nextLoop();
        }
        return placement == Placement.NEAR ? own : own.load().leastUnstarted();
    }

    @Override
    @SuppressWarnings("NullAway") // a new fiber has a thread
    protected void start(Fiber fiber) {
        if (!(fiber instanceof LoopFiber own)) {
            fiber.thread().start();
            return;
        }
        Load load = own.home().load();
        load.starts();
        boolean started = false;
        try {
            own.thread().start();
            started = true;
        } finally {
            if (!started) {
                load.started();
            }
        }
    }

    @Override
    protected void shutdown() {
        foreignWaiters().stop();
        watchdog.shutdown();
        for (LoopThread loop : loops) {
            loop.shutdown();
        }
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
        boolean over = fiber instanceof LoopFiber own
                ? Sleep.until(due, own)
                : RemoteSleep.until(due, fiber, loopFor(fiber));
        if (!over) {
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

    @Override
    protected Runnable startTimer(Fiber fiber, long deadline, Runnable action) {
        StackRoom.require();
        LoopThread loop = loopFor(fiber);
        if (unheard.get() > UNHEARD_MAX && !loop.isCurrent()) {
            // Until the loop has come so far. Who is to stop goes on at once.
            boolean _ = RemoteSleep.until(System.nanoTime(), fiber, loop);
        }
        LimitTimer timer = new LimitTimer(action);
        tell(loop, () -> loop.timers().set(timer, deadline));
        return () -> tell(loop, () -> loop.timers().stop(timer));
    }

    private void tell(LoopThread loop, Runnable change) {
        if (loop.isCurrent()) {
            change.run();
            return;
        }
        unheard.incrementAndGet();
        boolean sent = false;
        try {
            sent = loop.post(() -> {
                unheard.decrementAndGet();
                change.run();
            });
        } finally {
            if (!sent) {
                unheard.decrementAndGet();
            }
        }
    }

    /** Does something when it fires. */
    private static final class LimitTimer extends Timer {
        private final Runnable action;

        LimitTimer(Runnable action) {
            this.action = action;
        }

        @Override
        void fire() {
            action.run();
        }
    }

    /** Looks after the loops. */
    Watchdog watchdog() {
        return watchdog;
    }

    /** A task on one of the JDK's own virtual threads. */
    private static final class TaskFiber extends ThreadFiber implements FiberHandler {
        final UringIo io;

        TaskFiber(UringIo io, Runnable body) {
            super(body);
            this.io = io;
        }
    }
}
