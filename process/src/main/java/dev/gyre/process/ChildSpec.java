package dev.gyre.process;

import dev.gyre.io.Timeout;
import java.time.Duration;
import java.util.Objects;

/**
 * A process that a {@link Supervisor} starts, watches over and ends.
 *
 * @param id tells it apart from its supervisor's other children
 * @param body what it does
 * @param how it is started: its name, mailbox and place
 * @param restart whether it is started again when it has ended
 * @param shutdown how long it may take to end when it is told to, with {@link ExitReason#SHUTDOWN}; then it is killed.
 *     Zero kills at once
 * @param awaitsReady whether it counts as started only when it has called {@link Self#ready()}; the supervisor waits
 */
public record ChildSpec(
        String id, ProcessBody body, SpawnOptions how, Restart restart, Timeout shutdown, boolean awaitsReady) {
    /** Whether a child is started again. */
    public enum Restart {
        /** Always. */
        PERMANENT,
        /** Unless it has ended in an {@linkplain ExitReason#isOrderly orderly} way. */
        TRANSIENT,
        /** Never; it is forgotten. */
        TEMPORARY;

        boolean after(ExitReason reason) {
            return this == PERMANENT || (this == TRANSIENT && !ExitReason.isOrderly(reason));
        }
    }

    private static final Timeout FIVE_SECONDS = Timeout.after(Duration.ofSeconds(5));

    /** Refuses what is missing. */
    public ChildSpec {
        Objects.requireNonNull(id);
        Objects.requireNonNull(body);
        Objects.requireNonNull(how);
        Objects.requireNonNull(restart);
        Objects.requireNonNull(shutdown);
    }

    /**
     * A permanent child that may take five seconds to end, and counts as started as soon as it is spawned.
     *
     * @param id tells it apart from its supervisor's other children
     * @param body what it does
     * @return the child
     */
    public static ChildSpec of(String id, ProcessBody body) {
        return new ChildSpec(id, body, SpawnOptions.DEFAULT, Restart.PERMANENT, FIVE_SECONDS, false);
    }

    /**
     * A supervisor below another one: permanent, with all the time that it takes to end its own children.
     *
     * @param id tells it apart from its supervisor's other children
     * @param spec its children
     * @return the child
     */
    public static ChildSpec supervisor(String id, SupervisorSpec spec) {
        return new ChildSpec(
                id, Supervisor.body(spec), SpawnOptions.DEFAULT, Restart.PERMANENT, Timeout.NONE, true);
    }

    /**
     * The same, restarted in other cases.
     *
     * @param newRestart when
     * @return the child
     */
    public ChildSpec withRestart(Restart newRestart) {
        return new ChildSpec(id, body, how, newRestart, shutdown, awaitsReady);
    }

    /**
     * The same with another time to end.
     *
     * @param newShutdown how long it may take; zero kills it at once
     * @return the child
     */
    public ChildSpec withShutdown(Timeout newShutdown) {
        return new ChildSpec(id, body, how, restart, newShutdown, awaitsReady);
    }

    /**
     * The same, started in another way.
     *
     * @param newHow its name, mailbox and place
     * @return the child
     */
    public ChildSpec withOptions(SpawnOptions newHow) {
        return new ChildSpec(id, body, newHow, restart, shutdown, awaitsReady);
    }

    /**
     * The same, started when it has called {@link Self#ready()}.
     *
     * @return the child
     */
    public ChildSpec awaitingReady() {
        return new ChildSpec(id, body, how, restart, shutdown, true);
    }
}
