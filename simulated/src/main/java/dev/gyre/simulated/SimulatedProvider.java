package dev.gyre.simulated;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.spi.IoProvider;
import dev.gyre.simulated.turns.Choices;

/**
 * Makes simulated {@link Io}s, with the seed of {@link SimulationOptions#fromProperties()}.
 *
 * <p>The thread that opens one is a stranger to it, and so the program's course depends on that thread's too. What is
 * to be replayed runs inside of {@link Simulation#run}. There alone it is noticed if a task waits for something that is
 * not the simulation's.
 */
public final class SimulatedProvider implements IoProvider {
    /** For {@link java.util.ServiceLoader}. */
    public SimulatedProvider() {}

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public boolean automatic() {
        return false;
    }

    @Override
    public Io open(IoOptions options) {
        SimulationOptions simulation = SimulationOptions.fromProperties();
        SimulatedIo io = new World(options, simulation, Choices.of(simulation)).simulatedIo();
        io.admitCaller();
        return io;
    }
}
