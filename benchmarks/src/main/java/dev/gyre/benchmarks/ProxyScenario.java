package dev.gyre.benchmarks;

import dev.gyre.benchmarks.load.ProcessorTime;
import dev.gyre.benchmarks.load.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** What a proxy is loaded with. */
sealed interface ProxyScenario {
    /**
     * Messages that are echoed, one at a time on each connection, as fast as they come back.
     *
     * @param size bytes in each
     * @param connections at least 1
     */
    record Messages(int size, int connections) implements ProxyScenario {}

    /**
     * Connections that are opened one after the other, have one message echoed, and are closed together.
     *
     * @param size bytes in the message
     * @param atOnce so many are open before they are closed
     */
    record Connections(int size, int atOnce) implements ProxyScenario {}

    /** The echo that all pass connections on to. */
    static Server target(Workshop workshop, Cores cores) throws Unavailable, IOException {
        return Server.start(Contenders.TARGET, workshop, JavaCommand.fixedHeap(), cores.load());
    }

    /** Proxies that are loaded by the generator. */
    record Opening(Workshop workshop, Cores cores, LoadGenerator generator, LoadScenario.Timing timing)
            implements Pairing.Opening<ProxyScenario> {
        private static final int WARM_CONNECTIONS = 16;
        private static final int WARM_SIZE = 4096;

        @Override
        public Pairing.Candidate<ProxyScenario> open(Contender contender) throws IOException, Unavailable {
            Server server = Server.start(contender, workshop, JavaCommand.fixedHeap(), cores.server());
            boolean warm = false;
            try {
                Duration half = timing.warmup().dividedBy(2);
                generator.load(new LoadScenario("", WARM_SIZE, WARM_CONNECTIONS, 0)
                        .workload(server, Duration.ZERO, half));
                hold(server, new Connections(1, WARM_CONNECTIONS), half);
                warm = true;
            } finally {
                if (!warm) {
                    server.close();
                }
            }
            return new Candidate(this, server);
        }

        /** Opens and closes for so long. Answers how many connections these were. */
        private long hold(Server server, Connections connections, Duration time) throws IOException {
            Workload workload = new LoadScenario("", connections.size, connections.atOnce, 0)
                    .workload(server, Duration.ZERO, time);
            long begin = System.nanoTime();
            long count = 0;
            while (System.nanoTime() - begin < time.toNanos()) {
                generator.hold(workload);
                generator.release();
                count += connections.atOnce;
            }
            return count;
        }
    }

    /** A proxy that runs. */
    record Candidate(Opening opening, Server server) implements Pairing.Candidate<ProxyScenario> {
        @Override
        public Sample measure(ProxyScenario scenario) throws IOException {
            return switch (scenario) {
                case Messages messages -> measure(messages);
                case Connections connections -> measure(connections);
            };
        }

        private Sample measure(Messages messages) throws IOException {
            Workload workload = new LoadScenario("", messages.size, messages.connections, 0)
                    .workload(server, opening.timing.lead(), opening.timing.window());
            return LoadScenario.sample(opening.generator.load(workload), Memory.of(server.pid()));
        }

        private Sample measure(Connections connections) throws IOException {
            opening.hold(server, connections, opening.timing.lead());
            ProcessorTime before = ProcessorTime.of(server.pid());
            long begin = System.nanoTime();
            long count = opening.hold(server, connections, opening.timing.window());
            double seconds = (System.nanoTime() - begin) / 1e9;
            ProcessorTime used = ProcessorTime.of(server.pid()).since(before);
            Map<Metric, Double> figures = new EnumMap<>(Metric.class);
            figures.put(Metric.REQUESTS, count / seconds);
            figures.put(Metric.CPU, used.totalNanos() / 1e3 / count);
            figures.put(Metric.RESIDENT, Memory.of(server.pid()).residentBytes() / 1048576.0);
            return new Sample(figures, null);
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
