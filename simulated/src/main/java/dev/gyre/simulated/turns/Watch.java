package dev.gyre.simulated.turns;

import dev.gyre.simulated.DeadlockError;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for what a simulation does, and looks at it meanwhile, in case it never will.
 *
 * <p>A task that waits for something of the JDK's, a lock or a latch, does so with the turn in its hands, and the
 * simulation does not hear of it. What it waits for may be another task's to give, and then it waits for ever; or a
 * thread's that the simulation does not know. So it is given a long real time. What counts is not the clock but how
 * often it was seen waiting: a machine that sleeps meanwhile takes nothing from that time. A wait with a limit of time
 * ends by itself, and is not blamed; and as long as a foreign thread that has called in runs, nothing is concluded.
 */
public final class Watch {
    /** How long nothing may move in a simulation. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How many looks in a row must find that nothing moves. */
    public static final int LOOKS = 10;

    /** The same once it is over, and all unwind; each is shorter then. */
    static final int LOOKS_AT_END = 100;

    private final Scheduler scheduler;
    private final Duration patience;

    /**
     * One for a simulation.
     *
     * @param patience how long nothing may move in it
     */
    public Watch(Scheduler scheduler, Duration patience) {
        this.scheduler = scheduler;
        this.patience = patience;
    }

    /**
     * Waits for something that the simulation does. An interrupt is left for afterwards.
     *
     * @throws DeadlockError if it never will
     * @throws Throwable what it fails with
     */
    public <T extends @Nullable Object> T await(CompletableFuture<T> awaited) throws Throwable {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return awaited.get(period().toNanos(), TimeUnit.NANOSECONDS);
                } catch (TimeoutException notYet) {
                    if (!scheduler.look(patience)) {
                        throw new DeadlockError(String.valueOf(scheduler.doom()));
                    }
                } catch (InterruptedException again) {
                    interrupted = true;
                } catch (ExecutionException thrown) {
                    Throwable cause = thrown.getCause();
                    throw cause == null ? thrown : cause;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The time from look to look. At the end everybody only unwinds: it takes a tenth of the patience to give up. */
    private Duration period() {
        return scheduler.doom() == null ? patience.dividedBy(LOOKS) : patience.dividedBy(10L * LOOKS_AT_END);
    }
}
