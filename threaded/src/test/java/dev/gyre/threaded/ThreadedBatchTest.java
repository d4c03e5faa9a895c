package dev.gyre.threaded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.conformance.Eventually;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.ForeignFiber;
import dev.gyre.io.spi.ForeignWaiters;
import dev.gyre.linux.Directories;
import dev.gyre.posix.Descriptor;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches where the system gives no threads. */
@Tag("T23")
final class ThreadedBatchTest {
    private static final int WRITES = 40;

    /** Those that there are do all of the work; where there is none, the caller does. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void whereThreadsAreMissingTheWorkIsDone(int available, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        Fiber fiber = new ForeignFiber(new ForeignWaiters());
        try (var pool = Executors.newCachedThreadPool()) {
            AtomicInteger left = new AtomicInteger(available);
            Executor scarce = work -> {
                if (left.getAndDecrement() <= 0) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                pool.execute(work);
            };
            Map<Integer, Integer> results = new ConcurrentHashMap<>();
            ThreadedBatch batch = new ThreadedBatch(new ThreadedKernel(scarce), scarce, WRITES, results::put);
            Descriptor file = new Descriptor(create(path));
            file.acquire();
            for (int i = 0; i < WRITES; i++) {
                batch.write(fiber, i, file, Arena.global().allocate(1), i);
            }
            batch.submit();
            Eventually.await("all ends", () -> results.size() == WRITES);
            file.beginClose();
            file.release();
            file.release();
            dev.gyre.linux.Files.close(file.take());
            assertThat(results.values()).containsOnly(1);
            assertThat(Files.size(path)).isEqualTo(WRITES);
        }
    }

    private static int create(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            int flags = dev.gyre.linux.Files.O_RDWR | dev.gyre.linux.Files.O_CREAT;
            return dev.gyre.linux.Files.openat(
                    Directories.AT_FDCWD, arena.allocateFrom(path.toString()), flags, 0600);
        }
    }
}
