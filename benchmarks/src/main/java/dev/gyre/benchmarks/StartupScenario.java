package dev.gyre.benchmarks;

import dev.gyre.benchmarks.load.ProcessorTime;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * From nothing to the first answer of an HTTP server: one GET of a small file, sent as soon as it listens.
 *
 * @param path what to GET
 * @param size bytes that the file has
 */
record StartupScenario(String path, int size) {
    private static final int PATIENCE_MILLIS = 10_000;

    /**
     * Starts the server anew for each measurement.
     *
     * <p>Gyre's launcher has trained an AOT cache for it; so that peers in Java are at their best too, each is first
     * run once in the same way.
     */
    record Opening(StartupScenario training, Workshop workshop, Cores cores)
            implements Pairing.Opening<StartupScenario> {
        @Override
        public Pairing.Candidate<StartupScenario> open(Contender contender) throws IOException, Unavailable {
            Path cache = workshop.cache(contender.name());
            Server server = Server.start(contender, workshop, JavaCommand.fixedHeap().training(cache), List.of());
            try (server) {
                training.get(server.port());
                server.awaitEnd();
            }
            return new Candidate(this, contender, JavaCommand.fixedHeap().cached(cache));
        }
    }

    private record Candidate(Opening opening, Contender contender, JavaCommand java)
            implements Pairing.Candidate<StartupScenario> {
        @Override
        public Sample measure(StartupScenario scenario) throws IOException, Unavailable {
            long begin = System.nanoTime();
            try (Server server = Server.start(contender, opening.workshop, java, opening.cores.server())) {
                long listening = System.nanoTime();
                scenario.get(server.port());
                long answered = System.nanoTime();
                Map<Metric, Double> figures = new EnumMap<>(Metric.class);
                figures.put(Metric.LISTENING, (listening - begin) / 1e6);
                figures.put(Metric.FIRST_ANSWER, (answered - begin) / 1e6);
                figures.put(Metric.CPU_TO_ANSWER, ProcessorTime.of(server.pid()).totalNanos() / 1e6);
                figures.put(Metric.RESIDENT, Memory.of(server.pid()).residentBytes() / 1048576.0);
                return new Sample(figures, null);
            }
        }

        @Override
        public void close() {
            // Nothing stays between measurements.
        }
    }

    private void get(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream input = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = input.read();
                if (next < 0) {
                    throw new IOException("the server closed before it answered: " + head);
                }
                head.append((char) next);
            }
            int body = input.readNBytes(size).length;
            if (!head.toString().startsWith("HTTP/1.1 200 ") || body != size) {
                throw new IOException("the first answer is not the file: " + head);
            }
        }
    }
}
