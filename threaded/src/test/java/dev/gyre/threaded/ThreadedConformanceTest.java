package dev.gyre.threaded;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.conformance.Conformance;

/** The suite on threads. */
final class ThreadedConformanceTest extends Conformance {
    @Override
    public Io open(IoOptions options) throws BackendUnavailable {
        return Io.open(options.withBackend("threaded"));
    }

    @Override
    public int tasksAtOnce() {
        return 1000;
    }
}
