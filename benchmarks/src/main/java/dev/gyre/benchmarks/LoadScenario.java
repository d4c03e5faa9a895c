package dev.gyre.benchmarks;

import dev.gyre.benchmarks.load.Latencies;
import dev.gyre.benchmarks.load.Measurement;
import dev.gyre.benchmarks.load.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One kind of load on a server.
 *
 * @param path what to GET; empty for echo
 * @param datagrams whether over UDP
 * @param size bytes in the message or the body
 * @param connections at least 1
 * @param rate requests a second; 0 for as many as it takes
 */
record LoadScenario(String path, boolean datagrams, int size, int connections, long rate) {
    /** Over TCP. */
    LoadScenario(String path, int size, int connections, long rate) {
        this(path, false, size, connections, rate);
    }

    /** UDP echo. */
    static LoadScenario datagrams(int size, int clients, long rate) {
        return new LoadScenario("", true, size, clients, rate);
    }

    /** What the report calls it, for echo. */
    String title() {
        String pace = rate == 0 ? "saturated" : rate + (datagrams ? " datagrams/s" : " requests/s");
        return pace + ", " + connections + (datagrams ? " clients, " : " connections, ") + size + " bytes";
    }

    /**
     * How long things take.
     *
     * @param warmup each server is loaded before it is first measured, all scenarios together
     * @param lead load before each measured window
     * @param window what is measured
     */
    record Timing(Duration warmup, Duration lead, Duration window) {
        private static final Duration LEAD = Duration.ofMillis(500);

        /** With the usual lead. */
        Timing(Duration warmup, Duration window) {
            this(warmup, LEAD, window);
        }
    }

    /** Servers that are loaded by the generator. */
    record Opening(
            Workshop workshop, Cores cores, LoadGenerator generator, Timing timing, List<LoadScenario> scenarios)
            implements Pairing.Opening<LoadScenario> {

        @Override
        public Pairing.Candidate<LoadScenario> open(Contender contender) throws IOException, Unavailable {
            Server server = Server.start(contender, workshop, JavaCommand.fixedHeap(), cores.server());
            try {
                Duration share = timing.warmup.dividedBy(scenarios.size());
                for (LoadScenario scenario : scenarios) {
                    generator.load(scenario.workload(server, Duration.ZERO, share));
                }
            } catch (IOException e) {
                server.close();
                throw new IOException(contender.name() + ", warming up: " + e.getMessage(), e);
            }
            return new Candidate(this, server);
        }
    }

    private record Candidate(Opening opening, Server server) implements Pairing.Candidate<LoadScenario> {
        @Override
        public Sample measure(LoadScenario scenario) throws IOException {
            Timing timing = opening.timing;
            Measurement measurement = opening.generator.load(scenario.workload(server, timing.lead, timing.window));
            return sample(measurement, Memory.of(server.pid()));
        }

        @Override
        public void close() {
            server.close();
        }
    }

    Workload workload(Server server, Duration lead, Duration window) {
        return new Workload(
                server.port(), server.pid(), path, datagrams, size, connections, rate, lead.toNanos(),
                window.toNanos());
    }

    static Sample sample(Measurement measurement, Memory memory) {
        double requests = measurement.requests();
        Histogram latencies = Latencies.decode(measurement.latencies());
        Map<Metric, Double> figures = new EnumMap<>(Metric.class);
        figures.put(Metric.REQUESTS, requests / measurement.windowNanos() * 1e9);
        figures.put(Metric.CPU, measurement.server().totalNanos() / requests / 1e3);
        figures.put(Metric.CPU_USER, measurement.server().userNanos() / requests / 1e3);
        figures.put(Metric.CPU_KERNEL, measurement.server().kernelNanos() / requests / 1e3);
        figures.put(Metric.P50, latencies.getValueAtPercentile(50) / 1e3);
        figures.put(Metric.P99, latencies.getValueAtPercentile(99) / 1e3);
        figures.put(Metric.P999, latencies.getValueAtPercentile(99.9) / 1e3);
        figures.put(Metric.RESIDENT, memory.residentBytes() / 1048576.0);
        figures.put(Metric.LATE, percent(measurement.late(), measurement.due()));
        figures.put(Metric.SKIPPED, percent(measurement.skipped(), measurement.due()));
        figures.put(Metric.LAG, measurement.lagP99Nanos() / 1e3);
        figures.put(Metric.IDLE, measurement.idleShare() * 100);
        figures.put(Metric.OTHERS, measurement.others() * 100);
        return new Sample(figures, latencies);
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }
}
