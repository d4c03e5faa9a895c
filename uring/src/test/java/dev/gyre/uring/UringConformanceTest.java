package dev.gyre.uring;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.conformance.Conformance;

/** The suite on io_uring; the build runs it with and without access to the JDK's scheduler of virtual threads. */
final class UringConformanceTest extends Conformance {
    @Override
    public Io open(IoOptions options) throws BackendUnavailable {
        return Io.open(options.withBackend("uring"));
    }
}
