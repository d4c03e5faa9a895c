package dev.gyre.uring;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.posix.FaultConformance;

/** Failures of every call. */
final class UringFaultTest extends FaultConformance {
    @Override
    protected Io open() throws BackendUnavailable {
        return Io.open(IoOptions.DEFAULT.withBackend("uring"));
    }
}
