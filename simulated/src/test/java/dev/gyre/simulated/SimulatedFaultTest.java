package dev.gyre.simulated;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.posix.FaultConformance;

/** Failures of every call but those of files, whose folder is made by the JDK, and of processes. */
final class SimulatedFaultTest extends FaultConformance {
    @Override
    protected Io open() throws BackendUnavailable {
        return Io.open(IoOptions.DEFAULT.withBackend("simulated"));
    }

    @Override
    protected boolean hasFiles() {
        return false;
    }
}
