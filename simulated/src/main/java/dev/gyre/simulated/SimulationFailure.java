package dev.gyre.simulated;

import java.io.Serial;

/**
 * A simulated program failed. The message says how to replay it; the cause is what the program threw, a
 * {@link DeadlockError}, or a {@link LeakError}.
 */
public final class SimulationFailure extends AssertionError {
    @Serial
    private static final long serialVersionUID = 1;

    /** The seed and the choices. */
    private final transient SimulationOptions options;

    SimulationFailure(SimulationOptions options, String circumstances, Throwable cause) {
        super("simulation failed " + circumstances + ": " + cause
                + "\nreplay it with " + options.replay(), cause);
        this.options = options;
    }

    /**
     * What replays it.
     *
     * @return for {@link Simulation#run(SimulationOptions, Program)}
     */
    public SimulationOptions options() {
        return options;
    }
}
