package dev.gyre.simulated;

import dev.gyre.io.Body;
import dev.gyre.io.Clock;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Operation;
import dev.gyre.io.Placement;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.StackRoom;
import dev.gyre.io.spi.name.FixedLookup;
import dev.gyre.io.spi.name.HostName;
import dev.gyre.io.spi.name.NameService;
import dev.gyre.posix.Kernel;
import dev.gyre.posix.PosixIo;
import dev.gyre.simulated.turns.Alarm;
import dev.gyre.simulated.turns.FiberOwner;
import dev.gyre.simulated.turns.Scheduler;
import dev.gyre.simulated.turns.SimulatedFiber;
import dev.gyre.simulated.turns.Wait;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** {@link dev.gyre.io.Io} over nothing real: tasks take turns, and time is a number. */
final class SimulatedIo extends PosixIo implements FiberOwner {
    private final World world;
    private final Scheduler scheduler;
    private final Machine machine;
    private final SimulatedKernel kernel;
    private final RandomGenerator random;

    /** The process that has the number {@code process}, on a machine. */
    SimulatedIo(IoOptions limits, World world, Machine machine, int process, RandomGenerator random) {
        super(limits);
        this.world = world;
        this.scheduler = world.scheduler();
        this.machine = machine;
        this.kernel = new SimulatedKernel(scheduler, machine, process);
        this.random = random;
    }

    World world() {
        return world;
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public void runAs(SimulatedFiber stranger, Runnable call) {
        world.runAs(stranger, call);
    }

    @Override
    public void whileWaiting(SimulatedFiber fiber, Blocker blocker, Runnable wait) {
        foreignWaiters().whileWaiting(fiber, blocker, wait);
    }

    /** Takes note of the calling thread as one that may call in at any moment. */
    void admitCaller() {
        var _ = currentFiber();
    }

    /** Starts {@code main} as a task that belongs to no group. */
    void startMain(Runnable main) {
        scheduler.start(newFiber("main", main, Placement.NEAR));
    }

    /**
     * Runs something, and then ends all tasks, except the calling one, where that belongs to no group; and closes what
     * is left open.
     *
     * @return what it returned
     * @throws Exception what it threw
     * @throws LeakError if it returned and something was open
     */
    <T extends @Nullable Object> T runToEnd(Body<T, Exception> body) throws Exception {
        T value;
        try {
            value = body.run();
        } catch (Throwable thrown) {
            endAfter(thrown);
            throw thrown;
        }
        endTasks();
        List<String> open = kernel.end();
        if (!open.isEmpty() && !kernel.isDead()) {
            throw new LeakError(machine.name.isEmpty()
                    ? open
                    : open.stream().map(each -> each + " of " + machine.name).toList());
        }
        return value;
    }

    /** Whether it runs on a machine. */
    boolean isOn(Machine other) {
        return machine == other;
    }

    /** Its machine has lost its power. With the scheduler's lock. */
    void die() {
        kernel.die();
    }

    boolean isDead() {
        return kernel.isDead();
    }

    /** Has its tasks unwind, which can do nothing any more. */
    void unwind() {
        stopTasks();
    }

    private void endAfter(Throwable thrown) {
        try {
            endTasks();
            var _ = kernel.end();
        } catch (Throwable again) {
            if (again != thrown) {
                thrown.addSuppressed(again);
            }
        }
    }

    @Override
    public String backend() {
        return "simulated";
    }

    @Override
    public String description() {
        String place = machine.name.isEmpty() ? "" : "host " + machine.name + ", ";
        return "simulation, " + place + world.options().replay();
    }

    @Override
    public Timestamp now(Clock asked) {
        return machine.clock.now(asked);
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public RandomGenerator randomSecure() {
        return random;
    }

    @Override
    public void sleep(Duration duration) {
        sleepUntil(now(Clock.AWAKE).plus(duration));
    }

    @Override
    public void sleepUntil(Timestamp deadline) {
        long due = machine.clock.due(deadline);
        SimulatedFiber fiber = (SimulatedFiber) begin();
        Wait sleep = new Wait(scheduler, fiber, due, "sleep", "");
        scheduler.add(sleep);
        fiber.block(sleep);
        if (!sleep.isOver()) {
            fiber.checkCancel();
        }
    }

    @Override
    protected Kernel ownKernel() {
        return kernel;
    }

    /** Names come from the world, whatever the program's configuration says. */
    @Override
    protected NameService openNames() {
        return (host, wanted) -> {
            List<? extends IpAddress> addresses = HostName.isLocalhost(host)
                    ? List.of(Ip4Address.loopback(0), Ip6Address.loopback(0))
                    : world.addresses(HostName.plain(host));
            if (addresses == null) {
                throw Operation.LOOKUP.failure(Reason.UNKNOWN_HOST, host);
            }
            return FixedLookup.of(this, host, HostName.plain(host), addresses, wanted);
        };
    }

    @Override
    protected long nanoTime() {
        return scheduler.now();
    }

    @Override
    protected long deadline(Timeout timeout) {
        return machine.clock.deadline(timeout);
    }

    @Override
    protected Runnable startTimer(Fiber fiber, long deadline, Runnable action) {
        StackRoom.require();
        Alarm alarm = new Alarm(deadline) {
            @Override
            protected void ring() {
                action.run();
            }
        };
        scheduler.add(alarm);
        return () -> {
            var _ = scheduler.remove(alarm);
        };
    }

    /** What begins here has room on the stack for all that it does to the simulation. */
    @Override
    protected void interleave() {
        StackRoom.require();
        SimulatedFiber fiber = scheduler.runningHere();
        if (fiber != null) {
            scheduler.yieldFrom(fiber);
        }
    }

    @Override
    protected int choose(int count) {
        return scheduler.choose(count);
    }

    /** The one that runs, or a foreign thread; a task of another simulation is foreign to this one. */
    @Override
    protected Fiber currentFiber() {
        SimulatedFiber fiber = scheduler.runningHere();
        return fiber != null ? fiber : world.foreignFiber().anew();
    }

    @Override
    protected SimulatedFiber newFiber(String name, Runnable body, Placement placement) {
        StackRoom.require();
        String place = machine.name.isEmpty() ? "" : machine.name + " ";
        return SimulatedFiber.task(this, world.nextFiber(), place + name, body);
    }

    /**
     * What blocks has its turn, during which nobody else runs: so it does not matter how long it takes. Unless foreign
     * threads take part, for one of whom it may wait; then it is like one of them.
     */
    @Override
    protected void executeBlocking(Fiber fiber, Runnable call) {
        if (scheduler.hasForeign()) {
            SimulatedFiber stranger = SimulatedFiber.foreign(this);
            scheduler.arrived(stranger);
            boolean started = false;
            try {
                super.executeBlocking(fiber, () -> stranger.runOutside(call));
                started = true;
            } finally {
                if (!started) {
                    scheduler.left(stranger);
                }
            }
        } else {
            SimulatedFiber guest = SimulatedFiber.guest(this, world.nextFiber(), fiber);
            super.executeBlocking(fiber, () -> guest.runInTurn(call));
            scheduler.start(guest);
        }
    }

    @Override
    protected void start(Fiber fiber) {
        scheduler.start((SimulatedFiber) fiber);
    }

    /** The scheduler is the world's, whose own {@code Io} is closed last. */
    @Override
    protected void shutdown() {
        foreignWaiters().stop();
        if (world.io() == this) {
            scheduler.close();
        }
    }
}
