package dev.gyre.checks;

import java.util.List;
import java.util.stream.Stream;

/** Keeps all processors busy until it is closed, so that threads that are ready wait for their turn. */
final class Busy implements AutoCloseable {
    private final List<Thread> threads;
    private volatile boolean over;

    Busy() {
        threads = Stream.generate(() -> Thread.ofPlatform().daemon().name("busy").start(this::spin))
                .limit(Runtime.getRuntime().availableProcessors())
                .toList();
    }

    private void spin() {
        while (!over) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
