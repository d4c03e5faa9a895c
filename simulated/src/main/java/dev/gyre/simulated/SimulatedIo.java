package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.Body;
import dev.gyre.io.Clock;
import dev.gyre.io.Connection;
import dev.gyre.io.Directory;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Placement;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.spi.BaseIo;
import dev.gyre.io.spi.Fiber;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** {@link dev.gyre.io.Io} over nothing real: tasks take turns, and time is a number. */
final class SimulatedIo extends BaseIo {
    /** What {@link Clock#REAL} shows at the beginning. */
    private static final long BEGINNING =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond() * 1_000_000_000;

    private static final String NO_NETWORK = " in a simulation, which has no network";

    /** The processor time that each turn of a task counts as. */
    private static final long STEP_NANOS = 1000;

    private static final ThreadLocal<@Nullable SimulatedFiber> TASK = new ThreadLocal<>();

    private final SimulationOptions options;
    private final Scheduler scheduler;
    private final AtomicLong fibers = new AtomicLong();
    private final Directory currentDirectory = new SimulatedDirectory();
    private final ThreadLocal<SimulatedFiber> strangers = ThreadLocal.withInitial(this::newStranger);

    SimulatedIo(IoOptions limits, SimulationOptions options, Choices choices) {
        super(limits);
        this.options = options;
        this.scheduler = new Scheduler(choices, options.stepsMax());
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Takes note of the calling thread as one that may call in at any moment. */
    void admitCaller() {
        var _ = currentFiber();
    }

    /** Starts {@code main} as a task that belongs to no group. */
    void startMain(Runnable main) {
        scheduler.start(newFiber("main", main, Placement.NEAR));
    }

    /** Ends all tasks except {@link #startMain main}, which calls this. */
    void endAll() {
        endTasks();
    }

    void runAs(SimulatedFiber fiber, Runnable body) {
        TASK.set(fiber);
        try {
            body.run();
        } finally {
            TASK.remove();
        }
    }

    @Override
    public String backend() {
        return "simulated";
    }

    @Override
    public String description() {
        return "simulation, " + options.replay();
    }

    @Override
    public Timestamp now(Clock clock) {
        long time = switch (clock) {
            case REAL -> BEGINNING + scheduler.now();
            case AWAKE, BOOT -> scheduler.now();
            case PROCESS_CPU, THREAD_CPU -> scheduler.steps() * STEP_NANOS;
        };
        return new Timestamp(clock, time);
    }

    @Override
    public void sleep(Duration duration) {
        sleepUntil(now(Clock.AWAKE).plus(duration));
    }

    @Override
    public void sleepUntil(Timestamp deadline) {
        long due = switch (deadline.clock()) {
            case REAL -> Math.max(0, deadline.nanoseconds() - BEGINNING);
            case AWAKE, BOOT -> deadline.nanoseconds();
            case PROCESS_CPU, THREAD_CPU -> throw new IllegalArgumentException(
                    "nothing can wait for clock " + deadline.clock() + "; use REAL, AWAKE or BOOT");
        };
        interleave();
        SimulatedFiber fiber = fiber();
        fiber.checkCancel();
        Alarm alarm = new Alarm(scheduler, fiber, due);
        scheduler.add(alarm);
        fiber.block(alarm);
        if (!alarm.isOver()) {
            fiber.checkCancel();
        }
    }

    /**
     * Nobody else gets a turn meanwhile, so that it does not matter how long it takes; unless strangers take part, for
     * whom it may wait.
     */
    @Override
    public <T extends @Nullable Object, X extends Exception> T blocking(Body<T, X> body) throws X {
        return scheduler.hasStrangersOutside() ? super.blocking(body) : blockingInPlace(body);
    }

    @Override
    public Listener listen(Address address, ListenOptions listenOptions) throws IoException {
        throw Operation.LISTEN.failure(Reason.OPERATION_UNSUPPORTED, address + NO_NETWORK);
    }

    @Override
    public Connection connect(Address address, Timeout timeout) throws IoException {
        throw Operation.CONNECT.failure(Reason.OPERATION_UNSUPPORTED, address + NO_NETWORK);
    }

    @Override
    public Directory currentDirectory() {
        return currentDirectory;
    }

    @Override
    protected void interleave() {
        SimulatedFiber task = TASK.get();
        if (task != null && task.io() == this) {
            scheduler.yieldFrom(task);
        }
    }

    @Override
    protected int choose(int count) {
        return scheduler.choose(count);
    }

    @Override
    protected Fiber currentFiber() {
        return fiber();
    }

    @Override
    protected SimulatedFiber newFiber(String name, Runnable body, Placement placement) {
        return new SimulatedFiber(this, scheduler, fibers.incrementAndGet(), name, body);
    }

    @Override
    protected void start(Fiber fiber) {
        scheduler.start((SimulatedFiber) fiber);
    }

    @Override
    protected void shutdown() {
        scheduler.close();
    }

    @Override
    protected boolean onOwnTask() {
        SimulatedFiber task = TASK.get();
        return task != null && task.io() == this;
    }

    /** A task of another simulation is a stranger to this one. */
    private SimulatedFiber fiber() {
        SimulatedFiber task = TASK.get();
        return task != null && task.io() == this ? task : strangers.get();
    }

    private SimulatedFiber newStranger() {
        SimulatedFiber stranger = new SimulatedFiber(this, scheduler, Thread.currentThread());
        scheduler.arrived(stranger);
        return stranger;
    }
}
