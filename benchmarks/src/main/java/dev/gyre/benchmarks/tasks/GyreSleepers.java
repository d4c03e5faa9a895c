package dev.gyre.benchmarks.tasks;

import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import java.io.IOException;
import java.time.Duration;

/** {@link Sleepers} that are tasks of a group on io_uring. */
public final class GyreSleepers extends Sleepers {
    private final Io io;
    private final Group<InterruptedException> group;

    private GyreSleepers(Io io) {
        this.io = io;
        this.group = io.group();
    }

    /**
     * Runs it.
     *
     * @param arguments as for {@link Sleepers}
     * @throws IOException if there is no io_uring, or memory cannot be read
     * @throws InterruptedException never
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("uring"))) {
            new GyreSleepers(io).run(arguments);
        }
    }

    @Override
    void start(Body body) throws IOException {
        try {
            group.concurrent(body::run);
        } catch (ConcurrencyUnavailable noMemory) {
            throw new IOException(noMemory);
        }
    }

    @Override
    void sleep(Duration duration) {
        io.sleep(duration);
    }

    @Override
    void cancel() throws InterruptedException {
        group.cancel();
    }
}
