package dev.gyre.benchmarks.programs;

import java.io.IOException;

/**
 * Tasks that put elements into one queue, and tasks that take them. Counts the elements taken.
 *
 * @param producers at least 1
 * @param consumers at least 1
 * @param near whether all are started as neighbours
 */
record Queues(int producers, int consumers, boolean near) implements Program {
    private static final int CAPACITY = 128;

    @Override
    public void start(Platform platform, Gauge gauge) throws IOException {
        Platform.Line<Integer> line = platform.line(CAPACITY);
        Platform.Work producer = () -> {
            while (true) {
                line.put(1);
            }
        };
        Platform.Work consumer = () -> {
            while (true) {
                gauge.count(line.take());
            }
        };
        platform.start(() -> {
            for (int i = 0; i < Math.max(producers, consumers); i++) {
                if (i < consumers) {
                    start(platform, consumer);
                }
                if (i < producers) {
                    start(platform, producer);
                }
            }
        });
    }

    private void start(Platform platform, Platform.Work work) throws IOException {
        if (near) {
            platform.startNear(work);
        } else {
            platform.start(work);
        }
    }
}
