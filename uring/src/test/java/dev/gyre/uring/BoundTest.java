package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Mutex;
import dev.gyre.io.Task;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The way from a thread to the task that it runs. Who holds a mutex shows for whom a call was made. */
@Tag("T7")
final class BoundTest {
    private static final int OTHERS = 8;

    @Test
    void aTaskIsFoundAfterItWaitedInCodeThatIsNotOurs() throws Exception {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("uring").withLoops(1))) {
            CountDownLatch waits = new CountDownLatch(1);
            CountDownLatch goesOn = new CountDownLatch(1);
            Task<Boolean, Exception> holder = io.concurrent(() -> {
                Mutex mutex = io.mutex();
                mutex.lock();
                waits.countDown();
                goesOn.await();
                return mutex.isHeld();
            });
            waits.await();
            for (int i = 0; i < OTHERS; i++) {
                assertThat(io.<Boolean, Exception>concurrent(io::cancelRequested).await()).isFalse();
            }
            goesOn.countDown();
            assertThat(holder.await()).isTrue();
        }
    }

    @Test
    void aThreadThatATaskHasStartedIsNotTheTask() throws Exception {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("uring"))) {
            Task<Boolean, Exception> holder = io.concurrent(() -> {
                Mutex mutex = io.mutex();
                mutex.lock();
                FutureTask<Boolean> asked = new FutureTask<>(mutex::isHeld);
                Thread.ofVirtual().start(asked);
                return asked.get();
            });
            assertThat(holder.await()).isFalse();
        }
    }
}
