package dev.gyre.benchmarks.tasks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@link Sleepers} that are virtual threads of the JDK's. */
public final class JdkSleepers extends Sleepers {
    private final List<Thread> threads = new ArrayList<>();

    private JdkSleepers() {}

    /**
     * Runs it.
     *
     * @param arguments as for {@link Sleepers}
     * @throws IOException if memory cannot be read
     * @throws InterruptedException never
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new JdkSleepers().run(arguments);
    }

    @Override
    void start(Body body) {
        threads.add(Thread.startVirtualThread(() -> {
            try {
                body.run();
            } catch (InterruptedException canceled) {
                // As it was told.
            }
        }));
    }

    @Override
    void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }

    @Override
    void cancel() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        threads.clear();
    }
}
