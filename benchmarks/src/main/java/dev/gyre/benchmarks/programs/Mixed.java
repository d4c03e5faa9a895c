package dev.gyre.benchmarks.programs;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Echo at a fixed rate beside other work. Times each exchange from when it was due, and counts the exchanges.
 *
 * @param connections at least 1
 * @param rate how many exchanges are due a second, over all connections
 * @param beside started before the first connection is made
 */
record Mixed(int connections, int rate, Program beside) implements Program {
    private static final long COMPUTE_NANOS = 200_000;
    private static final long PAUSE_NANOS = 800_000;

    @Override
    public void start(Platform platform, Gauge gauge) throws Exception {
        Platform.Door door = Platform.serve(platform, Exchange::answer);
        // What the others do is not counted.
        beside.start(platform, new Gauge());
        for (int i = 0; i < connections; i++) {
            platform.start(() -> ask(platform, platform.connect(door), gauge));
        }
    }

    /** A task that computes 200 µs now and then. */
    static void compute(Platform platform, Gauge gauge) throws IOException {
        platform.start(() -> {
            while (true) {
                platform.sleep(PAUSE_NANOS);
                long end = System.nanoTime() + COMPUTE_NANOS;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                gauge.count();
            }
        });
    }

    /** Pauses are drawn, so that the connections do not march in step. */
    private void ask(Platform platform, Platform.Wire wire, Gauge gauge) throws Exception {
        byte[] bytes = new byte[Exchange.SIZE];
        long pause = 1_000_000_000L * connections / rate;
        long due = System.nanoTime();
        while (true) {
            due += ThreadLocalRandom.current().nextLong(2 * pause);
            long now = System.nanoTime();
            if (due > now) {
                platform.sleep(due - now);
            }
            wire.write(bytes, 0, bytes.length);
            if (!Platform.readAll(wire, bytes)) {
                return;
            }
            gauge.took(System.nanoTime() - due);
            gauge.count();
        }
    }
}
