package dev.gyre.benchmarks.programs;

import java.io.IOException;

/**
 * One side writes, the other one reads. Counts the writes.
 *
 * @param size of a write
 * @param connections at least 1
 */
record Stream(int size, int connections) implements Program {
    private static final int READ_MAX = 64 << 10;

    @Override
    public void start(Platform platform, Gauge gauge) throws IOException {
        Platform.Door door = Platform.serve(platform, Stream::drain);
        for (int i = 0; i < connections; i++) {
            platform.start(() -> {
                Platform.Wire wire = platform.connect(door);
                byte[] bytes = new byte[size];
                while (true) {
                    wire.write(bytes, 0, size);
                    gauge.count();
                }
            });
        }
    }

    private static void drain(Platform.Wire wire) throws IOException {
        byte[] buffer = new byte[READ_MAX];
        int count = 0;
        while (count >= 0) {
            count = wire.read(buffer, 0, buffer.length);
        }
    }
}
