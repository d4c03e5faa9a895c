package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.BoundedQueue;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Task;
import dev.gyre.io.conformance.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks of one loop. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LoopFiberTest {
    private static final Set<Thread.State> STOPPED = Set.of(Thread.State.WAITING, Thread.State.BLOCKED);

    /**
     * A queue's lock that is free again goes to the next in line, which is a task here. If the loop's own thread stood
     * in that line, behind the task, it could not run it.
     */
    @Test
    @Tag("T3")
    void aRequestToStopThatNeedsALockDoesNotHoldTheLoop() throws Exception {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("uring").withLoops(1))) {
            BoundedQueue<Integer> queue = io.queue(0);
            CompletableFuture<Thread> getter = new CompletableFuture<>();
            Task<Integer, RuntimeException> getting = io.concurrent(() -> {
                getter.complete(Thread.currentThread());
                return queue.get();
            });
            awaitStop(getter.get());
            Task<Integer, RuntimeException> counting;
            Thread canceling;
            synchronized (queue) {
                counting = io.concurrent(queue::size);
                assertTurns(io);
                canceling = Thread.ofPlatform().start(
                        () -> assertThatThrownBy(getting::cancel).isInstanceOf(CanceledException.class));
                awaitStop(canceling);
                assertTurns(io);
            }
            assertThat(counting.await()).isZero();
            canceling.join();
            assertThat(getting.isDone()).isTrue();
        }
    }

    /** Where the stack ends while a sleep begins, the loop's timers are as they were. */
    @Test
    @Tag("T20")
    void aSleepThatFindsTooLittleStackDoesNotTouchTheTimers() throws Exception {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("uring").withLoops(1))) {
            List<StackOverflowError> ends = io.<List<StackOverflowError>, RuntimeException>concurrent(() -> {
                        List<StackOverflowError> found = new ArrayList<>();
                        for (int i = 0; i < 2000; i++) {
                            Depth depth = new Depth(i % 100, () -> io.sleep(Duration.ofNanos(1)));
                            depth.descend();
                            StackOverflowError end = depth.end();
                            if (end != null) {
                                found.add(end);
                            }
                        }
                        return found;
                    })
                    .await();
            assertThat(ends).isNotEmpty().allSatisfy(end -> assertThat(end.getStackTrace())
                    .noneMatch(frame -> frame.getClassName().equals(Timers.class.getName())));
        }
    }

    /** Waits until a thread waits, be it for a lock. */
    private static void awaitStop(Thread thread) {
        Eventually.await(thread + " stops", () -> STOPPED.contains(thread.getState()));
    }

    private static void assertTurns(Io io) throws Exception {
        assertThat(io.<Integer, RuntimeException>concurrent(() -> 1).await()).isEqualTo(1);
    }
}
