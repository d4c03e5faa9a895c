package dev.gyre.simulated.kernel;

import dev.gyre.io.CanceledException;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.spi.Fiber;
import dev.gyre.posix.Kernel;
import dev.gyre.simulated.turns.Scheduler;
import dev.gyre.simulated.turns.SimulatedFiber;
import dev.gyre.simulated.turns.Wait;
import dev.gyre.simulated.turns.Watchers;
import java.util.ArrayList;
import java.util.List;

/**
 * How the calls of a process are made.
 *
 * <p>An operation is tried. Where there is nothing for it to do, its fiber waits for something to change and tries
 * again. It takes what it takes in the attempt that succeeds, and on the thread of its caller: one that is canceled
 * before, or runs out of time, has no effect.
 *
 * <p>The lock of the kernel is the scheduler's, of which there is one in a world: it guards all sockets, links, and the
 * locks of files. A disk's lock may be taken with it, and not the other way round.
 */
public abstract class SimulatedCalls implements Kernel {
    /** The user that every process of a simulation runs as, and its group. */
    public static final int USER = 1000;

    private final Scheduler scheduler;

    /** All who wait in a call of this process, to be told when it is no more. */
    private final Watchers callers = new Watchers();

    /** Whether its machine has lost its power: then nothing that is called does anything. With the kernel's lock. */
    private boolean dead;

    protected SimulatedCalls(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Where an attempt waits to be made again. Asked each time, with the lock. */
    @FunctionalInterface
    protected interface Waiting {
        List<Watchers> places() throws Refusal;
    }

    /**
     * From now on nothing that is called does anything. Ends every call that waits, also where it is protected against
     * cancellation: nobody would ever answer it. With the lock.
     */
    public final void die() {
        dead = true;
        callers.signal();
    }

    public final boolean isDead() {
        return scheduler.atomically(() -> dead);
    }

    /** Ends whoever calls a kernel that is no more. With its lock. */
    protected final void requireAlive() {
        if (dead) {
            throw new CanceledException();
        }
    }

    /** Makes a call that does not wait. */
    protected final int attempt(Attempt attempt) {
        return scheduler.atomically(() -> {
            requireAlive();
            try {
                return attempt.run();
            } catch (Refusal refused) {
                return refused.result();
            }
        });
    }

    /** Tries a call until it is answered, or has nothing to do while the fiber is to stop. */
    protected final int await(Fiber caller, String operation, Object target, Watchers watchers, Attempt attempt) {
        return await(caller, operation, target, NEVER, watchers, attempt);
    }

    /** The same, or until its time is over. */
    protected final int await(
            Fiber caller, String operation, Object target, long deadline, Watchers watchers, Attempt attempt) {
        List<Watchers> places = List.of(watchers);
        return await(caller, operation, target, deadline, () -> places, attempt);
    }

    /** The same for one that waits now here and now there. */
    protected final int await(
            Fiber caller, String operation, Object target, long deadline, Waiting waiting, Attempt attempt) {
        SimulatedFiber fiber = (SimulatedFiber) caller;
        while (true) {
            List<Watchers> places = new ArrayList<>();
            Wait wait = new Wait(scheduler, fiber, deadline, operation, target);
            int result = attempt(() -> {
                int answer = attempt.run();
                if (answer != Attempt.WAIT) {
                    return answer;
                }
                if (fiber.cancelPending()) {
                    return -ErrorNumber.ECANCELED.code();
                }
                if (deadline <= scheduler.now()) {
                    return -ErrorNumber.ETIME.code();
                }
                places.add(callers);
                places.addAll(waiting.places());
                places.forEach(each -> each.add(wait));
                scheduler.add(wait);
                return Attempt.WAIT;
            });
            if (result != Attempt.WAIT) {
                return result;
            }
            fiber.block(wait);
            scheduler.atomically(() -> {
                places.forEach(each -> each.remove(wait));
                return Attempt.WAIT;
            });
        }
    }

    /** Waits until a time has come. Nothing comes sooner but the end of the machine. */
    protected final void await(Fiber caller, String operation, Object target, long due) {
        SimulatedFiber fiber = (SimulatedFiber) caller;
        while (scheduler.now() < due && !isDead()) {
            Wait wait = new Wait(scheduler, fiber, due, operation, target);
            scheduler.atomically(() -> {
                callers.add(wait);
                scheduler.add(wait);
                return wait;
            });
            fiber.blockUncancelable(wait);
            scheduler.atomically(() -> {
                callers.remove(wait);
                return wait;
            });
        }
    }
}
