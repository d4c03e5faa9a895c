package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Timeout;
import dev.gyre.io.conformance.Eventually;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Limits of time that a thread sets which no loop carries: a loop is told of each. */
final class ForeignLimitsTest {
    private static final int SCOPES = 10_000;
    private static final Timeout HOUR = Timeout.after(Duration.ofHours(1));

    @Test
    @Tag("T4")
    void whoSetsThemWaitsForALoopThatIsBehind() throws Exception {
        try (UringIo io = UringIo.open(IoOptions.DEFAULT.withLoops(1))) {
            CountDownLatch behind = new CountDownLatch(1);
            LoopThread loop = io.nextLoop();
            AtomicInteger scopes = new AtomicInteger();
            FutureTask<Void> setting = new FutureTask<>(() -> set(io, scopes));
            Thread setter = new Thread(setting);
            try {
                loop.post(() -> await(behind));
                setter.start();
                Eventually.await(
                        "a thread that waits",
                        () -> setter.getState() == Thread.State.WAITING || setting.isDone());
                assertThat(scopes.get()).isPositive().isLessThan(SCOPES);
            } finally {
                behind.countDown();
            }
            setting.get();
            assertThat(scopes).hasValue(SCOPES);
        }
    }

    private static Void set(Io io, AtomicInteger scopes) throws Exception {
        while (scopes.get() < SCOPES) {
            int _ = io.within(HOUR, scopes::incrementAndGet);
        }
        return null;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
