package dev.gyre.simulated;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.simulated.turns.Choices;
import dev.gyre.simulated.turns.Scheduler;
import dev.gyre.simulated.turns.Watch;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs in simulation.
 *
 * <pre>{@code
 * Simulation.run(SimulationOptions.ofSeed(42), io -> {
 *     io.sleep(Duration.ofDays(365));
 *     return io.now(Clock.REAL);
 * });
 * }</pre>
 *
 * <p>The program and its tasks take turns, on virtual threads that pass a baton; no flag of the virtual machine is
 * needed. Who is next, which of several waiting tasks is served, and whether a request to stop or what it is to stop
 * comes first, is chosen by the seed. Time passes only when all wait, and then it jumps. A program that cannot go on
 * fails with a {@link DeadlockError}, instead of hanging, and one that leaves a socket open with a {@link LeakError}.
 *
 * <p>{@link #run} simulates one machine, {@link #runWorld} several, with links between them: see {@link World}.
 *
 * <p><b>The end.</b> When the program returns, what it has started is asked to stop and awaited, as by
 * {@link Io#close}. So a task that would wait for ever is no failure, unless the program waits for it, or it is in a
 * protected region.
 *
 * <p><b>Limits.</b> One task runs at a time, and others only when that one waits in its {@link Io} or calls it. A task
 * that waits for something of the JDK's, such as a lock, a latch or a thread, keeps its turn meanwhile. If that is to
 * come from another task, or from a thread that sleeps in the simulation, it never comes: a lock that is held across
 * {@link Io#sleep} is enough. Since it may also come from outside, it is called a deadlock only when for ten seconds of
 * real time nothing has happened in the simulation, and the task has been {@link Thread.State#WAITING} or
 * {@link Thread.State#BLOCKED}, and so has every other thread that has called in and is not in a call. The same holds
 * for what {@link Io#blocking} runs, and for threads that have called in while all tasks wait. The task is then
 * interrupted, and all others unwind, at the same time as it if need be; what has not ended a second after nothing
 * moves any more is left behind.
 *
 * <p>A wait with a limit of time ends by itself and is no deadlock: let whatever waits long for something outside of
 * the simulation do so again and again. A task that polls, by {@link Io#checkCancel} for example, while nobody else can
 * run and no thread from outside runs, is ended after as many polls as a program may have steps. One that computes for
 * ever and calls nothing is not noticed.
 *
 * <p>Any thread may call these methods, several at once; each call has a simulation of its own. They block their thread
 * until the program has ended, and cannot be canceled.
 */
public final class Simulation {
    private Simulation() {}

    /**
     * Runs a program once.
     *
     * @param <T> what it returns
     * @param options the seed
     * @param program to run
     * @return how it went
     * @throws SimulationFailure if the program throws, cannot go on, or leaves something open
     */
    public static <T extends @Nullable Object> SimulationResult<T> run(SimulationOptions options, Program<T> program) {
        return run(options, Watch.PATIENCE, program);
    }

    /**
     * Runs a program once that is about several hosts.
     *
     * @param <T> what it returns
     * @param options the seed
     * @param program to run
     * @return how it went
     * @throws SimulationFailure if the program throws, cannot go on, or leaves something open
     */
    public static <T extends @Nullable Object> SimulationResult<T> runWorld(
            SimulationOptions options, WorldProgram<T> program) {
        return run(options, Choices.of(options), Watch.PATIENCE, program);
    }

    /** Runs a program in which nothing may move for a real time other than usual. */
    static <T extends @Nullable Object> SimulationResult<T> run(
            SimulationOptions options, Duration patience, Program<T> program) {
        return run(options, Choices.of(options), patience, world -> program.run(world.io()));
    }

    /**
     * Runs a program in every way there is, as far as its operations can come in different orders. Only for small
     * ones: two tasks of six operations each have about a thousand ways.
     *
     * @param program to run again and again; everything that it changes is its own
     * @param runsMax after how many runs to give up, positive
     * @return how many ways there were
     * @throws SimulationFailure if the program throws, cannot go on, or leaves something open, in one of them; its
     *     options replay that one
     */
    public static Exploration explore(Program<?> program, long runsMax) {
        return exploreWorld(world -> program.run(world.io()), runsMax);
    }

    /**
     * Runs a program about several hosts in every way there is, as {@link #explore} does. Links with
     * {@linkplain LinkOptions#jitter jitter} have far too many.
     *
     * @param program to run again and again; everything that it changes is its own
     * @param runsMax after how many runs to give up, positive
     * @return how many ways there were
     * @throws SimulationFailure if the program throws, cannot go on, or leaves something open, in one of them; its
     *     options replay that one
     */
    public static Exploration exploreWorld(WorldProgram<?> program, long runsMax) {
        int[] told = new int[0];
        for (long runs = 1; runs <= runsMax; runs++) {
            Choices choices = Choices.exploring(told);
            run(SimulationOptions.ofSeed(0), choices, Watch.PATIENCE, program);
            int[] next = choices.next();
            if (next == null) {
                return new Exploration(runs, true);
            }
            told = next;
        }
        return new Exploration(runsMax, false);
    }

    private static <T extends @Nullable Object> SimulationResult<T> run(
            SimulationOptions options, Choices choices, Duration patience, WorldProgram<T> program) {
        World world = new World(IoOptions.DEFAULT, options, choices);
        Scheduler scheduler = world.scheduler();
        Watch watch = new Watch(scheduler, patience);
        CompletableFuture<Ending<T>> ending = new CompletableFuture<>();
        try {
            world.simulatedIo().startMain(new Main<>(world, program, ending));
            Ending<T> end = watch.await(ending);
            T value = end.get();
            String doom = scheduler.doom();
            if (doom != null) {
                throw new DeadlockError(doom);
            }
            return new SimulationResult<>(value, Duration.ofNanos(end.now), end.steps, end.traceHash);
        } catch (Throwable thrown) {
            String doom = scheduler.doom();
            Throwable cause = doom == null || thrown instanceof DeadlockError ? thrown : new DeadlockError(doom);
            Ending<T> end = ending.getNow(Ending.of(scheduler, null, thrown));
            String circumstances = "at " + Duration.ofNanos(end.now) + ", step " + end.steps
                    + ", trace " + Long.toHexString(end.traceHash);
            String made = choices.text();
            throw new SimulationFailure(made.isEmpty() ? options : options.withChoices(made), circumstances, cause);
        } finally {
            close(world, watch);
        }
    }

    /** Ends what still runs. After a deadlock something may not end: it is left behind then. */
    private static void close(World world, Watch watch) {
        if (world.scheduler().doom() == null) {
            world.close();
            return;
        }
        CompletableFuture<Void> closing = CompletableFuture.runAsync(
                world::close, work -> Thread.ofPlatform().daemon().name("gyre-simulated-close").start(work));
        try {
            watch.await(closing);
        } catch (Throwable left) {
            world.scheduler().close();
        }
    }

    /**
     * What the first task returned or threw, and how far the simulation had come by then: what was on its way between
     * hosts may arrive afterwards. A future would wrap some exceptions, and unwrap others.
     */
    private record Ending<T extends @Nullable Object>(
            @Nullable T value, @Nullable Throwable thrown, long now, long steps, long traceHash) {
        static <T extends @Nullable Object> Ending<T> of(
                Scheduler scheduler, @Nullable T value, @Nullable Throwable thrown) {
            return new Ending<>(value, thrown, scheduler.now(), scheduler.steps(), scheduler.traceHash());
        }

        @SuppressWarnings("NullAway") // if nothing was thrown, it is what was returned, even if that is null
        T get() throws Throwable {
            if (thrown != null) {
                throw thrown;
            }
            return value;
        }
    }

    /** The first task. It tells its result only after all others have ended, so that nothing runs any more then. */
    private record Main<T extends @Nullable Object>(
            World world, WorldProgram<T> program, CompletableFuture<Ending<T>> ending)
            implements Runnable {
        @Override
        public void run() {
            Ending<T> end;
            try {
                T value = world.simulatedIo().runToEnd(() -> program.run(world));
                end = Ending.of(world.scheduler(), value, null);
            } catch (Throwable thrown) {
                end = Ending.of(world.scheduler(), null, thrown);
            }
            ending.complete(end);
        }
    }
}
