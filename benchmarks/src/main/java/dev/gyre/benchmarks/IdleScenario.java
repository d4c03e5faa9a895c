package dev.gyre.benchmarks;

import dev.gyre.benchmarks.load.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Memory that connections cost which do nothing, after each had one message echoed.
 *
 * <p>The growth of the server's proportional set size, divided by their number. Servers on the JVM collect garbage
 * before each reading and have a heap that gives back what a collection frees. The kernel's own memory for sockets is
 * not in it: it is the same for all.
 *
 * @param connections at least 1
 * @param size bytes in the message
 * @param warmup how long the server echoes, as fast as it can, before the first reading; 0 for not at all
 */
record IdleScenario(int connections, int size, Duration warmup) {
    private static final int BUSY_CONNECTIONS = 64;

    /**
     * One connection for so many is opened and closed as well before the first reading, so that what every server needs
     * once is there: compiled code above all.
     */
    private static final int CONNECTIONS_PER_FIRST = 5;

    /** Starts the server anew for each measurement. */
    record Opening(Workshop workshop, Cores cores, LoadGenerator generator) implements Pairing.Opening<IdleScenario> {
        @Override
        public Pairing.Candidate<IdleScenario> open(Contender contender) {
            return new Candidate(this, contender);
        }
    }

    private record Candidate(Opening opening, Contender contender) implements Pairing.Candidate<IdleScenario> {
        @Override
        public Sample measure(IdleScenario scenario) throws IOException, Unavailable {
            try (Server server = Server.start(
                    contender, opening.workshop, JavaCommand.elasticHeap(), opening.cores.server())) {
                if (!scenario.warmup.isZero()) {
                    opening.generator.load(scenario.workload(server, BUSY_CONNECTIONS, scenario.warmup));
                }
                opening.generator.hold(scenario.workload(server, scenario.firstConnections()));
                opening.generator.release();
                long before = proportionalBytes(server);
                opening.generator.hold(scenario.workload(server, scenario.connections));
                long after = proportionalBytes(server);
                opening.generator.release();
                Map<Metric, Double> figures = new EnumMap<>(Metric.class);
                figures.put(Metric.MEMORY_PER_CONNECTION, (after - before) / 1024.0 / scenario.connections);
                figures.put(Metric.PROPORTIONAL_BEFORE, before / 1048576.0);
                figures.put(Metric.PROPORTIONAL_AFTER, after / 1048576.0);
                return new Sample(figures, null);
            }
        }

        @Override
        public void close() {
            // Nothing stays between measurements.
        }

        private long proportionalBytes(Server server) throws IOException, Unavailable {
            if (isJava(server.pid())) {
                collectGarbage(server.pid());
            }
            return Memory.of(server.pid()).proportionalBytes();
        }

        private static boolean isJava(long pid) throws IOException {
            Path program = Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "exe"));
            return program.endsWith("java");
        }

        private void collectGarbage(long pid) throws IOException, Unavailable {
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            if (!Files.isExecutable(jcmd)) {
                throw new Unavailable("no jcmd at " + jcmd + "; run this on a JDK");
            }
            List<String> command = List.of(jcmd.toString(), Long.toString(pid), "GC.run");
            try (Child child = Child.start(command, opening.workshop.errors("jcmd"))) {
                child.rest();
            }
        }
    }

    private int firstConnections() {
        return Math.ceilDiv(connections, CONNECTIONS_PER_FIRST);
    }

    private Workload workload(Server server, int count) {
        return workload(server, count, Duration.ofSeconds(1));
    }

    private Workload workload(Server server, int count, Duration window) {
        return new Workload(
                server.port(),
                server.pid(),
                "",
                false,
                size,
                count,
                0,
                0,
                window.toNanos());
    }
}
