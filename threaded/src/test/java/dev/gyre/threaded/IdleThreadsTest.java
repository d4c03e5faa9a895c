package dev.gyre.threaded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Semaphore;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A crowd of tasks has a thread each, but not for long after its end. */
@Tag("T1")
final class IdleThreadsTest {
    @Test
    void end() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        try (Io io = ThreadedIo.open(IoOptions.DEFAULT)) {
            try (Group<RuntimeException> group = io.group()) {
                Semaphore all = io.semaphore(0);
                for (int i = 0; i < 100; i++) {
                    group.concurrent(() -> {
                        threads.add(Thread.currentThread());
                        all.acquire();
                    });
                }
                for (int i = 0; i < 100; i++) {
                    all.release();
                }
                group.await();
            }
            assertThat(threads).hasSize(100);
            for (Thread thread : threads) {
                assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
            }
            assertThat(io.concurrent(() -> "another").await()).isEqualTo("another");
        }
    }
}
