package dev.gyre.benchmarks;

import dev.gyre.benchmarks.load.ProcessorTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What redis-benchmark asks for.
 *
 * @param command its name for what it asks
 * @param pipelined so many requests are under way on each connection, at least 1
 * @param connections at least 1
 */
record StoreScenario(String command, int pipelined, int connections) {
    /** Keys are chosen from so many. */
    private static final int KEYS = 100_000;

    /** Fewer show nothing: redis-benchmark tells milliseconds. */
    private static final int REQUESTS_MIN = 2_000;

    /** Stores that are warmed up, and whose rates are then known. */
    record Opening(Workshop workshop, Cores cores, List<StoreScenario> scenarios, Duration warmup, Duration window)
            implements Pairing.Opening<StoreScenario> {
        @Override
        public Pairing.Candidate<StoreScenario> open(Contender contender) throws IOException, Unavailable {
            String client = Tools.require("redis-benchmark", "redis-tools (redis)").toString();
            Server server = Server.start(contender, workshop, JavaCommand.fixedHeap(), cores.server());
            Candidate candidate = new Candidate(this, server, client, new HashMap<>());
            boolean warm = false;
            try {
                for (StoreScenario scenario : scenarios) {
                    candidate.warm(scenario, warmup.dividedBy(scenarios.size()));
                }
                warm = true;
            } finally {
                if (!warm) {
                    server.close();
                }
            }
            return candidate;
        }
    }

    /** A store that runs, and how many requests of each kind it has answered in a second lately. */
    private record Candidate(Opening opening, Server server, String client, Map<StoreScenario, Double> rates)
            implements Pairing.Candidate<StoreScenario> {
        void warm(StoreScenario scenario, Duration time) throws IOException {
            long begin = System.nanoTime();
            long count = REQUESTS_MIN;
            for (long left = 1; left > 0; left = time.toNanos() - (System.nanoTime() - begin)) {
                double rate = load(scenario, count).requests();
                rates.put(scenario, rate);
                // It gets faster while it is warmed up, so not all at once.
                count = Math.min(4 * count, count(rate, Math.max(1, time.toNanos() / 4)));
            }
        }

        @Override
        public Sample measure(StoreScenario scenario) throws IOException {
            long count = count(rates.getOrDefault(scenario, 0.0), opening.window.toNanos());
            ProcessorTime before = ProcessorTime.of(server.pid());
            Measured measured = load(scenario, count);
            ProcessorTime used = ProcessorTime.of(server.pid()).since(before);
            Map<Metric, Double> figures = new EnumMap<>(Metric.class);
            figures.put(Metric.REQUESTS, measured.requests);
            figures.put(Metric.CPU, used.totalNanos() / 1e3 / count);
            figures.put(Metric.CPU_USER, used.userNanos() / 1e3 / count);
            figures.put(Metric.CPU_KERNEL, used.kernelNanos() / 1e3 / count);
            figures.put(Metric.P50, measured.p50Micros);
            figures.put(Metric.P99, measured.p99Micros);
            figures.put(Metric.RESIDENT, Memory.of(server.pid()).residentBytes() / 1048576.0);
            return new Sample(figures, null);
        }

        /** How many requests take so long. */
        private static long count(double rate, long nanos) {
            return Math.max(REQUESTS_MIN, (long) (rate * nanos / 1e9));
        }

        private Measured load(StoreScenario scenario, long count) throws IOException {
            List<String> command = new ArrayList<>(opening.cores.load());
            command.addAll(List.of(
                    client, "-h", "127.0.0.1", "-p", "" + server.port(), "-t",
                    scenario.command.toLowerCase(Locale.ROOT), "-n", "" + count, "-r", "" + KEYS, "-P",
                    "" + scenario.pipelined, "-c", "" + scenario.connections, "--csv"));
            try (Child child = Child.start(command, opening.workshop.errors("redis-benchmark"))) {
                String output = child.rest();
                Optional<String> figures = output.lines()
                        .filter(line -> line.startsWith('"' + scenario.command + "\","))
                        .findFirst();
                if (figures.isEmpty()) {
                    throw new IOException(
                            "redis-benchmark tells no figures: " + output.strip() + "; " + child.complaint());
                }
                return Measured.parse(figures.get());
            }
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /**
     * What redis-benchmark has seen.
     *
     * @param requests per second
     */
    private record Measured(double requests, double p50Micros, double p99Micros) {
        /** Where the fields are since Redis 6.2, in milliseconds; those before have the requests only. */
        private static final int P50 = 4;

        private static final int P99 = 6;

        static Measured parse(String line) {
            String[] fields = line.replace("\"", "").split(",", -1);
            return new Measured(Double.parseDouble(fields[1]), micros(fields, P50), micros(fields, P99));
        }

        private static double micros(String[] fields, int field) {
            return fields.length > field ? Double.parseDouble(fields[field]) * 1e3 : Double.NaN;
        }
    }
}
