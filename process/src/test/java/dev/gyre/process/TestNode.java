package dev.gyre.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Timeout;
import dev.gyre.io.conformance.Eventually;
import dev.gyre.io.conformance.OpenDescriptors;
import dev.gyre.simulated.Simulation;
import dev.gyre.simulated.SimulationOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A node on one backend, for a test, with the crashes that it has reported. In the end no process, and no descriptor,
 * may be left.
 */
record TestNode(Processes node, Queue<CrashReport> crashes) {
    /** How many ways of a simulation a test is run in. */
    private static final int SEEDS = 25;

    /** Long enough for whatever must come. */
    static final Timeout LONG = Timeout.after(Duration.ofSeconds(20));

    /** What a test does. */
    interface Program {
        void run(TestNode test) throws Exception;
    }

    static List<String> backends() {
        return List.of("uring", "threaded", "simulated");
    }

    /** Runs a test as a process. */
    static void run(String backend, ProcessBody body) throws Exception {
        program(backend, test -> test.runProcess(SpawnOptions.DEFAULT, body));
    }

    /** Runs a test as a task that is no process. */
    static void program(String backend, Program program) throws Exception {
        program(backend, SEEDS, program);
    }

    /** The same, and in a simulation in one way only. */
    static void once(String backend, Program program) throws Exception {
        program(backend, 1, program);
    }

    private static void program(String backend, int seeds, Program program) throws Exception {
        if (backend.equals("simulated")) {
            for (int seed = 1; seed <= seeds; seed++) {
                Simulation.run(SimulationOptions.ofSeed(seed), io -> {
                    run(io, program);
                    return "";
                });
            }
            return;
        }
        Set<String> before = OpenDescriptors.now();
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend(backend))) {
            io.<Object, Exception>concurrent(() -> {
                run(io, program);
                return "";
            }).await();
        }
        Eventually.await("all descriptors are closed", () -> before.containsAll(OpenDescriptors.now()));
    }

    private static void run(Io io, Program program) throws Exception {
        Queue<CrashReport> crashes = new ConcurrentLinkedQueue<>();
        Processes closed;
        try (Processes node = Processes.open(io, ProcessesOptions.DEFAULT.withCrashHandler(crashes::add))) {
            program.run(new TestNode(node, crashes));
            closed = node;
        }
        assertThat(closed.processes()).isEmpty();
        assertThat(closed.registered()).isEmpty();
    }

    /** Runs a process, which must end in a normal way. */
    void runProcess(SpawnOptions how, ProcessBody body) throws Exception {
        requireNormal(node.run(how, body));
    }

    /** Waits for the end of a process, which must be a normal one. */
    void await(Pid process) throws Exception {
        ExitReason reason = node.await(process);
        if (reason != ExitReason.NO_PROCESS) {
            requireNormal(reason);
        }
    }

    private static void requireNormal(ExitReason reason) throws Exception {
        switch (reason) {
            case ExitReason.Failed(Exception cause) -> throw cause;
            case ExitReason.Failed(Throwable cause) -> throw new AssertionError(cause);
            default -> assertThat(reason).isEqualTo(ExitReason.NORMAL);
        }
    }

    /** The message that comes next, within a time that is long enough for what must come. */
    static Object next(Self self) {
        Object message = self.receive(LONG);
        return Objects.requireNonNull(message, "no message has come");
    }

    /** Nothing has come, and nothing does for a moment. */
    static void assertNothingComes(Self self) {
        assertThat(self.receive(Timeout.after(Duration.ofMillis(20)))).isNull();
    }

    /** Waits for messages that never come. */
    static void idle(Self self) {
        while (true) {
            Object _ = self.receive();
        }
    }
}
