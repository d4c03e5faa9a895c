package dev.gyre.simulated;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.conformance.TaskSuite;

/** The suite in simulation, as far as it needs no network and no files. Its threads are strangers to the simulation. */
final class SimulatedConformanceTest extends TaskSuite {
    @Override
    public Io open(IoOptions options) throws BackendUnavailable {
        return Io.open(options.withBackend("simulated"));
    }
}
