package dev.gyre.simulated;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.conformance.FileSuite;

/**
 * The suite in simulation. What is left out asks for files that only a kernel has, for a clock that shows the time of
 * day and the work of the processor, or for a process that runs out of descriptors. The suite's threads are strangers
 * to the simulation.
 */
final class SimulatedConformanceTest extends FileSuite {
    @Override
    public Io open(IoOptions options) throws BackendUnavailable {
        return Io.open(options.withBackend("simulated"));
    }

    @Override
    public boolean hasOwnFiles() {
        return true;
    }
}
