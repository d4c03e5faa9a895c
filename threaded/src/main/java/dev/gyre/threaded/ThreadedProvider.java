package dev.gyre.threaded;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.spi.IoProvider;

/** Makes {@link Io}s over a pool of threads. */
public final class ThreadedProvider implements IoProvider {
    /** For {@link java.util.ServiceLoader}. */
    public ThreadedProvider() {}

    @Override
    public String name() {
        return "threaded";
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public boolean automatic() {
        return true;
    }

    @Override
    public Io open(IoOptions options) throws BackendUnavailable {
        return ThreadedIo.open(options);
    }
}
