package dev.gyre.uring;

import dev.gyre.io.spi.StackRoom;
import dev.gyre.linux.Clocks;
import dev.gyre.linux.Processes;
import dev.gyre.ring.Loop;
import dev.gyre.ring.RingException;
import dev.gyre.ring.RingOptions;
import dev.gyre.ring.Undivided;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that owns a ring, and carries the virtual threads whose operations go through it.
 *
 * <p>It is their scheduler: whatever becomes runnable arrives at {@link #execute}, from the thread itself in a plain
 * queue, from others through the {@link LoopQueue}. A turn runs what is runnable, then enters the kernel once, to
 * submit the operations that came of it and to wait only if nothing is left to run. So the more tasks are busy, the
 * more operations share one system call.
 *
 * <p><b>What fibers may touch.</b> A virtual thread loses its carrier wherever the JDK makes it wait: at a monitor, in
 * a {@code ConcurrentHashMap}, at the first use of a memory layout. The next one then runs on this thread, in the
 * middle of whatever the first one was doing. So everything here that fibers change (the queue of what is runnable, the
 * timers, the pools, what a connection has received, the ring's list of submissions) is changed by code that is fields
 * and arrays and calls nothing that could wait. What the kernel sees is written in {@link #turn}, by this thread
 * itself, which nothing switches out. And that code in turn must not wait for a lock of the JDK's: its holder may be a
 * virtual thread that only this thread can run. So what it needs is loaded, linked and used once before any fiber runs.
 */
final class LoopThread extends Thread implements Executor {
    /**
     * So many workers of the kernel's may write and sync at the same time. What is synced together shares a commit of
     * the file system's journal.
     */
    private static final int WORKERS = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

    /** So many pieces run before the kernel is asked again: a task that never blocks must not keep others from I/O. */
    private static final int RUN_MAX = 256;

    /** Nor must one that never blocks and takes its time; so the clock is looked at after so many pieces. */
    private static final int RUNS_PER_LOOK = 8;

    private static final long RUN_NANOS_MAX = 1_000_000;

    /** So long fibers of one turn may go on that could give way to others each time they transfer something. */
    private static final long STREAM_NANOS_MAX = 1_000_000;

    /** The longest sleep of a turn that a fiber makes. */
    private static final long IN_PLACE_NANOS = 1_000_000;

    /** So long others wait for a fiber that cannot leave the thread and waits for another task. */
    private static final long HELD_NANOS_MAX = 1_000_000_000;

    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup()
                    .findVarHandle(LoopThread.class, "phase", long.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final RunQueue runnable = new RunQueue();
    private final LoopQueue queue = new LoopQueue();
    private final Lookout lookout = new Lookout(queue);
    private final FailedTurns failedTurns = new FailedTurns(this);
    private final Timers timers = new Timers();
    private final Corked corked = new Corked(this);
    private final TransferPool transfers = new TransferPool();
    private final Load load = new Load(this);
    private final CompletableFuture<Loop> opened = new CompletableFuture<>();
    private final RingOptions options;

    /** Whose loop it is: an {@code Io}, which tells its own loops from those of others by it. */
    private final Object owner;

    private @Nullable Loop loop;
    private @Nullable ReceiveBuffers receiveBuffers;
    private @Nullable Poller poller;

    /** Whether none is opened any more. */
    private boolean pollerClosed;

    private long now;

    /** Counts the beginnings and ends of what a turn runs: odd while it does. Written by this thread alone. */
    private volatile long phase;

    /** How many pieces of fibers, and messages, have run. Written by this thread, read by the fibers it carries. */
    long runs;

    /** What the fiber that runs leaves its thread for; begins when it has left. Written by that fiber. */
    @Nullable LoopWait leavingFor;

    /** Since when others have waited while a fiber cannot leave, by {@code System.nanoTime}; 0 if none is held. */
    private long heldSince;

    /** The fiber that runs, or the last one that ran. */
    private @Nullable LoopFiber latest;

    private volatile boolean stopped;

    /** The kernel's number of this thread, from before it is open. */
    private volatile int id;

    /** Whether this thread looks into its queue no more. */
    private volatile boolean ended;

    LoopThread(Object owner, int index, RingOptions options) {
        super("gyre-loop-" + index);
        setDaemon(true);
        this.owner = owner;
        this.options = options;
    }

    /** Whether it is one of {@code candidate}'s. */
    boolean belongsTo(Object candidate) {
        return owner == candidate;
    }

    /** Starts the thread, and waits until its ring is open; an interrupt meanwhile is kept for later. */
    void open() throws RingException {
        start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    opened.get();
                    return;
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof RingException exception) {
                throw exception;
            }
            if (refused.getCause() instanceof OutOfMemoryError shortage) {
                throw shortage;
            }
            throw new AssertionError("a loop did not start", refused.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether it is about to end. */
    boolean isStopped() {
        return stopped;
    }

    /** Ends the thread, when nothing runs on it any more, and waits for that. */
    void shutdown() {
        closePoller();
        post(() -> stopped = true);
        joinUninterruptibly(this);
    }

    /** Waits until a thread has ended; an interrupt meanwhile is kept for later. */
    static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * For fibers that no loop carries, opened for the first of them; null while the kernel has no room for it, and
     * after the end.
     */
    synchronized @Nullable Poller poller() {
        if (poller == null && !pollerClosed) {
            poller = Poller.open(getName());
        }
        return poller;
    }

    private synchronized void closePoller() {
        pollerClosed = true;
        if (poller != null) {
            poller.close();
            poller = null;
        }
    }

    /** Whether the calling thread is this one, or is carried by it. */
    boolean isCurrent() {
        return (VirtualThreads.schedulable() ? VirtualThreads.carrier() : Thread.currentThread()) == this;
    }

    /**
     * Runs a piece of a virtual thread, soon: on this thread, or after its end on another one. From any thread, those
     * of the JDK's that wake sleepers included. Does not wait, and does not throw.
     */
    @Override
    public void execute(Runnable piece) {
        if (isCurrent()) {
            runnable.add(piece);
            return;
        }
        boolean sleeps = queue.add(piece);
        if (ended) {
            queue.drainTo(LoopThread::runElsewhere);
        } else if (sleeps) {
            wake();
        }
    }

    /** Where the caller's stack or memory is at its end, somebody else will have to do it, if only the watchdog. */
    private void wake() {
        try {
            StackRoom.requireToPark();
            loop().wake();
        } catch (VirtualMachineError | LinkageError shortage) {
            queue.isStillAsleep();
        }
    }

    /** Sees to it that this thread does not sleep while there is something for it. From any thread. */
    void rouse() {
        if (queue.isForgotten()) {
            wake();
        }
    }

    /**
     * Does something on this thread, soon. From any thread.
     *
     * @return false if the thread has ended; then nothing that it had under way is any more, and maybe this was done
     */
    boolean post(Message action) {
        if (isCurrent()) {
            runnable.add(action);
            return true;
        }
        boolean sleeps = queue.add(action);
        if (queue.isClosed()) {
            joinUninterruptibly(this);
            return false;
        }
        if (sleeps) {
            wake();
        }
        return true;
    }

    /** Does something on this thread: at once if that is the calling one, otherwise soon, unless it has ended. */
    void perform(Message action) {
        if (isCurrent()) {
            action.run();
        } else {
            post(action);
        }
    }

    /** What this thread does for others, unlike what it carries: nobody else can. */
    @FunctionalInterface
    interface Message extends Runnable {}

    private static void runElsewhere(Runnable piece) {
        if (!(piece instanceof Message)) {
            OrphanScheduler.execute(piece);
        }
    }

    /** Whether {@link #post} is over. */
    boolean hasEnded() {
        return queue.isClosed();
    }

    /** The ring's loop. Only for code that {@link #isCurrent}. */
    Loop loop() {
        if (loop == null) {
            throw new AssertionError("the loop is not open");
        }
        return loop;
    }

    /** Buffers for multishot receives, or null where the kernel has none. Only for code that {@link #isCurrent}. */
    @Nullable ReceiveBuffers receiveBuffers() {
        return receiveBuffers;
    }

    /** The timers. Only for code that {@link #isCurrent}. */
    Timers timers() {
        return timers;
    }

    /** Receives and sends to be used again. Only for code that {@link #isCurrent}. */
    TransferPool transfers() {
        return transfers;
    }

    /** Sockets to push. Only for code that {@link #isCurrent}. */
    Corked corked() {
        return corked;
    }

    /** How busy it is. */
    Load load() {
        return load;
    }

    /** Whether others run before the kernel is entered again. Only for code that {@link #isCurrent}. */
    @Undivided
    boolean hasRunnable() {
        return !runnable.isEmpty();
    }

    /**
     * Whether the calling fiber may do without the ring, by which it would give way to others. All that run in one turn
     * share the time for that.
     */
    boolean mayStream() {
        return System.nanoTime() - now < STREAM_NANOS_MAX;
    }

    /**
     * {@code System.nanoTime} at the start of this turn: the time for which timers fire. What begins now began later.
     * Only for code that {@link #isCurrent}.
     */
    long now() {
        return now;
    }

    /** The fiber of the calling thread, if this thread carries it and it is the one that ran last. */
    @Nullable LoopFiber latest() {
        return latest;
    }

    /** How often this thread began or ended to run what is not its own code; odd while it does. From any thread. */
    long phase() {
        return phase;
    }

    /** The kernel's number of this thread. From any thread. */
    int id() {
        return id;
    }

    /** The processor time that this thread has used, but for what it spent looking out. From any thread. */
    long processorNanos() {
        return Clocks.gettime(Clocks.threadClock(id)) - lookout.spentNanos();
    }

    /** Notes which fiber runs now. */
    @Undivided
    void running(LoopFiber fiber) {
        latest = fiber;
    }

    @Override
    public void run() {
        id = Processes.gettid();
        try {
            loop = Loop.openTrusting(options);
            loop.ring().limitWorkers(WORKERS);
            corked.rehearse();
            processorNanos();
            receiveBuffers = openReceiveBuffers(loop);
            if (receiveBuffers != null) {
                Receiver.rehearse(this, receiveBuffers);
            }
            opened.complete(loop);
        } catch (RingException | RuntimeException | Error refused) {
            closeAfter(refused);
            opened.completeExceptionally(refused);
            return;
        }
        neverParks();
        while (!stopped) {
            try {
                turn();
                failedTurns.over();
            } catch (Throwable fault) {
                failedTurns.survive(fault);
            }
        }
        end();
    }

    private void closeAfter(Throwable refused) {
        Loop own = loop;
        if (own != null) {
            try {
                own.close();
            } catch (RingException | RuntimeException also) {
                refused.addSuppressed(also);
            }
        }
    }

    /** Answers those who have come in a last moment, closes the ring, and lets others carry what is left. */
    private void end() {
        queue.close();
        try (Loop _ = loop()) {
            takeQueue();
            runMessages();
            timers.expire(Timer.NEVER - 1);
        } catch (RingException | RuntimeException | Error failed) {
            failedTurns.report("the ring did not close", failed);
        }
        if (receiveBuffers != null) {
            receiveBuffers.close();
        }
        ended = true;
        runnable.drainTo(LoopThread::runElsewhere);
        queue.drainTo(LoopThread::runElsewhere);
    }

    /** Whoever sent one of these before the end relies on it; virtual threads can wait. */
    private void runMessages() {
        for (int left = runnable.size(); left > 0; left--) {
            Runnable next = runnable.poll();
            if (next instanceof Message) {
                next.run();
            } else if (next != null) {
                runnable.add(next);
            }
        }
    }

    /** Multishot receives need kernel 6.0; without, every read is a receive of its own. */
    private static @Nullable ReceiveBuffers openReceiveBuffers(Loop loop) {
        if (!loop.ring().singleIssuer()) {
            return null;
        }
        try {
            return ReceiveBuffers.open(loop);
        } catch (RingException refused) {
            System.getLogger("dev.gyre.uring")
                    .log(System.Logger.Level.DEBUG, "no buffer ring: {0}", refused.getMessage());
            return null;
        }
    }

    private void turn() throws RingException {
        now = System.nanoTime();
        load.turns(now);
        if ((phase & 1) != 0) { // the turn before was broken off
            beginPhase();
        }
        beginPhase();
        timers.expire(now);
        takeQueue();
        runSome();
        beginPhase();
        if (!runnable.isEmpty() || stopped || (lookout.pays() && loop().hasWork())) {
            loop().turn(0);
            return;
        }
        boolean alone = load.isAlone();
        long since = alone ? 0 : System.nanoTime();
        if (alone || !lookout.look(loop(), since, untilNextTimer() & Long.MAX_VALUE)) {
            sleep();
        }
        if (!alone) {
            lookout.learn(System.nanoTime() - since, !queue.isEmpty());
        }
    }

    private void sleep() throws RingException {
        boolean sleeps = queue.beginSleep();
        try {
            loop().turn(sleeps ? untilNextTimer() : 0);
        } finally {
            queue.endSleep();
        }
    }

    private void beginPhase() {
        PHASE.setOpaque(this, phase + 1);
    }

    private void takeQueue() {
        while (!queue.isEmpty()) {
            runnable.reserve();
            Runnable task = queue.poll();
            if (task != null) {
                runnable.add(task);
            }
        }
    }

    private void runSome() {
        for (int i = 1; i <= RUN_MAX; i++) {
            Runnable task = runnable.poll();
            if (task == null) {
                return;
            }
            run(task);
            if (i % RUNS_PER_LOOK == 0 && System.nanoTime() - now > RUN_NANOS_MAX) {
                return;
            }
        }
    }

    private void run(Runnable piece) {
        runs++;
        piece.run();
        LoopWait leftFor = leavingFor;
        if (leftFor != null) {
            leavingFor = null;
            try {
                leftFor.begin();
            } catch (Throwable thrown) {
                leftFor.refuse(thrown);
            }
        }
        if (!corked.isEmpty()) {
            corked.push();
        }
    }

    /**
     * Whether the calling fiber cannot leave this thread: it was to park, and is here again without anything else
     * having run. It may also have had a permit from before, or be interrupted; so it yields, which depends on neither.
     *
     * @param run what {@link #runs} was before it parked
     */
    boolean holds(long run) {
        if (runs == run) {
            neverParks();
            Thread.yield();
        }
        if (runs != run) {
            heldSince = 0;
            return false;
        }
        return true;
    }

    /** Whether others have waited so long for the calling fiber, which it holds, that this one may wait for them. */
    boolean isHeldUp() {
        if (runnable.isEmpty()) {
            heldSince = 0;
            return false;
        }
        if (heldSince == 0) {
            heldSince = System.nanoTime() | 1;
        }
        boolean tooLong = System.nanoTime() - heldSince > HELD_NANOS_MAX;
        if (tooLong) {
            heldSince = 0;
        }
        return tooLong;
    }

    /**
     * A turn for a fiber that has to wait and cannot leave this thread, called by it: what goes on in the kernel, and
     * timers, go on; other fibers cannot, except that those that have come from elsewhere go elsewhere.
     */
    void turnInPlace() {
        StackRoom.require(); // a turn must not break off
        now = System.nanoTime();
        corked.push();
        timers.expire(now);
        takeQueue();
        runMessages();
        handOver();
        boolean sleeps = queue.beginSleep();
        try {
            // Whoever wakes the fiber finds it running, and does not wake the loop.
            loop().turn(sleeps ? Math.min(IN_PLACE_NANOS, untilNextTimer() & Long.MAX_VALUE) : 0);
        } catch (Throwable fault) {
            // Whoever makes the turn has nothing to do with it.
            failedTurns.survive(fault);
        } finally {
            queue.endSleep();
            neverParks();
        }
    }

    private void handOver() {
        LoopThread other = load.anotherThatTurns();
        if (other == null) {
            return;
        }
        for (int left = runnable.size(); left > 0; left--) {
            Runnable next = runnable.poll();
            if (next != null && !(next instanceof Home home && home.handOver(other))) {
                runnable.add(next);
            }
        }
    }

    /**
     * Gives this thread a permit, so that a fiber that cannot leave it does not park it. One that waits for the JDK
     * uses it up unseen; if it then waits for us, the {@link Watchdog} does this.
     */
    void neverParks() {
        LockSupport.unpark(this);
    }

    /** Whether nothing waits to be run. On this thread. */
    boolean isIdle() {
        return runnable.isEmpty() && queue.isEmpty();
    }

    /** As {@link Loop#turn} wants it: negative for no limit. On this thread. */
    long untilNextTimer() {
        long next = timers.next();
        return next == Timer.NEVER ? -1 : Math.max(0, next - System.nanoTime());
    }
}
