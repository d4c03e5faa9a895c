package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.simulated.Simulation;
import dev.gyre.simulated.SimulationOptions;

/** One process and what it starts, simulated with one seed after the other. */
final class ManyOrders {
    /** So many in a stress run. */
    static final int OF_STRESS = Integer.getInteger("gyre.process.seeds", 10_000);

    private ManyOrders() {}

    /**
     * Runs the process until it ends; with every so many-th seed twice, which has
     * to go the same way.
     *
     * @param first the first seed
     * @param count how many seeds
     * @param again every so many-th
     */
    static void run(int first, int count, int again, ProcessBody body) {
        for (int seed = first; seed < first + count; seed++) {
            SimulationOptions options = SimulationOptions.ofSeed(seed);
            long once = simulate(options, body);
            if (seed % again == 0) {
                assertThat(simulate(options, body)).as("the same again for seed " + seed).isEqualTo(once);
            }
        }
    }

    private static long simulate(SimulationOptions options, ProcessBody body) {
        return Simulation.run(options, io -> {
                    try (Processes node = Processes.open(io, ProcessesOptions.DEFAULT.withCrashHandler(_ -> {}))) {
                        assertThat(node.run(body)).isEqualTo(ExitReason.NORMAL);
                    }
                    return "";
                })
                .traceHash();
    }
}
