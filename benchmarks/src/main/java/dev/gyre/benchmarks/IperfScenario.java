package dev.gyre.benchmarks;

import dev.gyre.benchmarks.load.ProcessorTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.jr.ob.JSON;

/**
 * What iperf3's client sends over one connection.
 *
 * @param size of each write, in bytes
 * @param time how long, in whole seconds
 */
record IperfScenario(int size, Duration time) {
    /** Where the client's JSON says what the server has received. */
    private static final List<String> RECEIVED = List.of("end", "sum_received");

    /** Servers that are warmed up. */
    record Opening(Workshop workshop, Cores cores, IperfScenario warmup) implements Pairing.Opening<IperfScenario> {
        @Override
        public Pairing.Candidate<IperfScenario> open(Contender contender) throws IOException, Unavailable {
            String client = Tools.require("iperf3", "iperf3").toString();
            Server server = Server.start(contender, workshop, JavaCommand.fixedHeap(), cores.server());
            Candidate candidate = new Candidate(this, server, client);
            boolean warm = false;
            try {
                candidate.measure(warmup);
                warm = true;
            } finally {
                if (!warm) {
                    server.close();
                }
            }
            return candidate;
        }
    }

    private record Candidate(Opening opening, Server server, String client)
            implements Pairing.Candidate<IperfScenario> {
        /** iperf3's server closes its listener after each client, and opens it again. */
        private static final int ATTEMPTS = 50;

        private static final int PAUSE_MILLIS = 20;

        @Override
        public Sample measure(IperfScenario scenario) throws IOException {
            List<String> command = new ArrayList<>(opening.cores.load());
            command.addAll(List.of(client, "--client", "127.0.0.1", "--port", "" + server.port(), "--json",
                    "--length", "" + scenario.size, "--time", "" + Math.max(1, scenario.time.toSeconds())));
            for (int attempt = 1; ; attempt++) {
                ProcessorTime before = ProcessorTime.of(server.pid());
                Map<String, Object> report = run(command);
                ProcessorTime used = ProcessorTime.of(server.pid()).since(before);
                if (!report.containsKey("error")) {
                    return sample(report, used);
                }
                if (attempt == ATTEMPTS) {
                    throw new IOException("iperf3: " + report.get("error"));
                }
                pause();
            }
        }

        private Map<String, Object> run(List<String> command) throws IOException {
            try (Child child = Child.start(command, opening.workshop.errors("iperf3-client"))) {
                String output = child.rest();
                if (output.isBlank()) {
                    throw new IOException("iperf3: " + child.complaint());
                }
                return JSON.std.mapFrom(output);
            }
        }

        private static Sample sample(Map<String, Object> report, ProcessorTime used) throws IOException {
            Object at = report;
            for (String name : RECEIVED) {
                at = at instanceof Map<?, ?> map ? map.get(name) : null;
            }
            if (!(at instanceof Map<?, ?> received
                    && received.get("bytes") instanceof Number bytes
                    && received.get("seconds") instanceof Number seconds)) {
                throw new IOException("iperf3 does not say what was received: " + report.get("end"));
            }
            double megabytes = bytes.doubleValue() / 1e6;
            Map<Metric, Double> figures = new EnumMap<>(Metric.class);
            figures.put(Metric.THROUGHPUT, megabytes / seconds.doubleValue());
            figures.put(Metric.BYTES_PER_CPU, megabytes / used.totalNanos() * 1e9);
            figures.put(Metric.CPU_SHARE, used.totalNanos() / 1e7 / seconds.doubleValue());
            return new Sample(figures, null);
        }

        private static void pause() throws IOException {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
