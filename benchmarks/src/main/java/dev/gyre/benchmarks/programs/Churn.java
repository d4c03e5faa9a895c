package dev.gyre.benchmarks.programs;

import java.io.IOException;

/**
 * A connection for each request: connect, 64 bytes there and back, close. Counts the connections.
 *
 * @param clients how many do that one after the other
 * @param silent whether nothing is sent: connect, and close
 */
record Churn(int clients, boolean silent) implements Program {
    @Override
    public void start(Platform platform, Gauge gauge) throws IOException {
        Platform.Door door = Platform.serve(platform, this::serve);
        for (int i = 0; i < clients; i++) {
            platform.start(() -> {
                byte[] bytes = new byte[Exchange.SIZE];
                while (true) {
                    Platform.Wire wire = platform.connect(door);
                    if (!silent) {
                        wire.write(bytes, 0, bytes.length);
                        Platform.readAll(wire, bytes);
                    }
                    // The server closes first, so that the client's port is free at once.
                    if (wire.read(bytes, 0, bytes.length) >= 0) {
                        throw new IOException("more than the answer");
                    }
                    wire.close();
                    gauge.count();
                }
            });
        }
    }

    private void serve(Platform.Wire wire) throws IOException {
        if (!silent) {
            byte[] bytes = new byte[Exchange.SIZE];
            Platform.readAll(wire, bytes);
            wire.write(bytes, 0, bytes.length);
        }
        wire.close();
    }
}
