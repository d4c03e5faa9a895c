package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Semaphore;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More tasks than fit into memory go through a group, a few at a time. */
@Tag("T6")
final class ManyTasksTest {
    private static final int TASKS = 1_000_000;
    private static final int AT_ONCE = 64;

    /** What the heap may grow by; a million tasks that were kept would need a hundred times as much. */
    private static final long GROWTH_MAX = 8 << 20;

    @Test
    void aMillionTasksWithALimitKeepTheHeapFlat() throws Exception {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("uring"))) {
            AtomicInteger ended = new AtomicInteger();
            long growth = io.<Long, Exception>concurrent(() -> {
                Semaphore places = io.semaphore(AT_ONCE);
                try (Group<RuntimeException> group = io.group()) {
                    run(places, group, ended, TASKS / 10);
                    long before = heap();
                    run(places, group, ended, TASKS - TASKS / 10);
                    return heap() - before;
                }
            }).await();
            assertThat(ended).hasValue(TASKS);
            assertThat(growth).isLessThan(GROWTH_MAX);
        }
    }

    private static void run(Semaphore places, Group<RuntimeException> group, AtomicInteger ended, int tasks)
            throws Exception {
        for (int i = 0; i < tasks; i++) {
            places.acquire();
            group.concurrent(() -> {
                ended.incrementAndGet();
                places.release();
            });
        }
        group.await();
        assertThat(group.size()).isZero();
    }

    /** What is in use after a collection. */
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
