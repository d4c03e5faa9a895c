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
import dev.gyre.io.Placement;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.spi.BaseIo;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.Strangers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** {@link dev.gyre.io.Io} over nothing real: tasks take turns, and time is a number. */
final class SimulatedIo extends BaseIo {
    private static final ThreadLocal<@Nullable SimulatedFiber> TASK = new ThreadLocal<>();

    private final SimulationOptions options;
    private final Scheduler scheduler;
    private final VirtualClock clock;
    private final Network network;
    private final AtomicLong fibers = new AtomicLong();
    private final Strangers strangers = new Strangers();
    private final Directory currentDirectory = new SimulatedDirectory();
    private final ThreadLocal<SimulatedFiber> stranger = ThreadLocal.withInitial(this::newStranger);

    SimulatedIo(IoOptions limits, SimulationOptions options, Choices choices) {
        super(limits);
        this.options = options;
        this.scheduler = new Scheduler(choices, options.stepsMax());
        this.clock = new VirtualClock(scheduler);
        this.network = new Network(this, scheduler);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    VirtualClock clock() {
        return clock;
    }

    Network network() {
        return network;
    }

    /** The threads that wait here and are no tasks. */
    Strangers strangers() {
        return strangers;
    }

    /**
     * Begins an operation that may have to wait: others come in between, if it so happens, and a request to stop is
     * delivered. Returns the fiber of the calling thread.
     */
    SimulatedFiber begin() {
        interleave();
        SimulatedFiber fiber = fiber();
        if (fiber.isStranger()) {
            strangers.requireOpen();
        }
        fiber.checkCancel();
        return fiber;
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
    public Timestamp now(Clock asked) {
        return clock.now(asked);
    }

    @Override
    public void sleep(Duration duration) {
        sleepUntil(now(Clock.AWAKE).plus(duration));
    }

    @Override
    public void sleepUntil(Timestamp deadline) {
        long due = clock.due(deadline);
        SimulatedFiber fiber = begin();
        Alarm alarm = new Alarm(scheduler, fiber, due, "sleep", "");
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
        return network.listen(address, listenOptions);
    }

    @Override
    public Connection connect(Address address, Timeout timeout) throws IoException {
        return network.connect(address, timeout);
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
        strangers.stop();
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
        return task != null && task.io() == this ? task : stranger.get();
    }

    private SimulatedFiber newStranger() {
        SimulatedFiber fiber = new SimulatedFiber(this, scheduler, Thread.currentThread());
        scheduler.arrived(fiber);
        return fiber;
    }
}
