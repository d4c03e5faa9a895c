package dev.gyre.examples.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Body;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Timeout;
import dev.gyre.io.conformance.Eventually;
import dev.gyre.io.conformance.OpenDescriptors;
import dev.gyre.process.CrashReport;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Processes;
import dev.gyre.process.ProcessesOptions;
import dev.gyre.simulated.Simulation;
import dev.gyre.simulated.SimulationOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Where stores run in a test, with a folder, what they have said, and which processes have crashed. In the end no
 * process, and no descriptor, may be left.
 */
record TestStore(Processes node, StoreOptions options, Queue<String> said, Queue<CrashReport> crashes) {
    /** Long enough for whatever must come. */
    private static final Timeout LONG = Timeout.after(Duration.ofSeconds(20));

    /** What a test does. */
    interface Program {
        void run(TestStore test) throws Exception;
    }

    static List<String> backends() {
        return List.of("uring", "threaded", "simulated");
    }

    /** Runs a test; in simulation once for each seed. */
    static void run(String backend, Path folder, int seeds, Program program) throws Exception {
        if (backend.equals("simulated")) {
            for (int seed = 1; seed <= seeds; seed++) {
                simulate(SimulationOptions.ofSeed(seed), program);
            }
            return;
        }
        Set<String> before = OpenDescriptors.now();
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend(backend))) {
            io.<Object, Exception>concurrent(() -> {
                run(io, folder.toString(), program);
                return "";
            }).await();
        }
        Eventually.await("all descriptors are closed", () -> before.containsAll(OpenDescriptors.now()));
    }

    static void run(String backend, Path folder, Program program) throws Exception {
        run(backend, folder, 1, program);
    }

    static void simulate(SimulationOptions options, Program program) {
        Simulation.run(options, io -> {
            run(io, "data", program);
            return "";
        });
    }

    static void run(Io io, String folder, Program program) throws Exception {
        Queue<CrashReport> crashes = new ConcurrentLinkedQueue<>();
        StoreOptions options =
                StoreOptions.DEFAULT.withAddress(Ip4Address.loopback(0)).withFolder(folder);
        Processes closed;
        try (Processes node = Processes.open(io, ProcessesOptions.DEFAULT.withCrashHandler(crashes::add))) {
            program.run(new TestStore(node, options, new ConcurrentLinkedQueue<>(), crashes));
            closed = node;
        } catch (Throwable failure) {
            crashes.forEach(crash -> {
                if (crash.reason() instanceof ExitReason.Failed(Throwable cause)) {
                    failure.addSuppressed(cause);
                }
            });
            throw failure;
        }
        assertThat(closed.processes()).isEmpty();
    }

    Io io() {
        return node.io();
    }

    /** A store that ends, and has brought everything to the device, when this is closed. */
    Running start() {
        return start(options);
    }

    Running start(StoreOptions how) {
        return new Running(StoreServer.start(node, how, said::add), this);
    }

    /** One that runs. */
    record Running(StoreServer server, TestStore test) implements AutoCloseable {
        RespClient connect() throws IoException {
            return new RespClient(test.io().connect(Ip4Address.loopback(server.port())));
        }

        /** Asks on a connection of its own. */
        String ask(String... words) throws IoException {
            try (RespClient client = connect()) {
                return client.ask(words);
            }
        }

        @Override
        public void close() {
            server.stop();
        }
    }

    /** Does something that must end in time. */
    <T> T inTime(Body<T, IoException> body) throws Exception {
        return io().within(LONG, body);
    }
}
