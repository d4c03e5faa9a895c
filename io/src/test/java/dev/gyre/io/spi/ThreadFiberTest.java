package dev.gyre.io.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class ThreadFiberTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /**
     * Each processor has a fiber on a virtual thread that would go on, were it not that somebody asks it to stop who
     * himself waits for another virtual thread.
     */
    @Test
    void leavesItsCarrierToOthersWhileItIsAsked() throws InterruptedException {
        int carriers = Runtime.getRuntime().availableProcessors();
        CountDownLatch told = new CountDownLatch(carriers);
        CountDownLatch reached = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        List<SlowlyTold> blockers = new ArrayList<>();
        for (int i = 0; i < carriers; i++) {
            ThreadFiber fiber = new ThreadFiber(() -> {});
            SlowlyTold blocker = new SlowlyTold(fiber, told, reached);
            blockers.add(blocker);
            Thread thread = Thread.ofVirtual().unstarted(() -> fiber.block(blocker));
            fiber.started(thread);
            thread.start();
            threads.add(thread);
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            Thread canceller = new Thread(fiber::requestCancel);
            canceller.start();
            threads.add(canceller);
        }
        told.await();
        blockers.forEach(SlowlyTold::end);

        Thread other = Thread.startVirtualThread(reached::countDown);
        assertThat(other.join(PATIENCE)).as("a virtual thread had its turn").isTrue();
        for (Thread thread : threads) {
            assertThat(thread.join(PATIENCE)).isTrue();
        }
    }

    /** The canceller stops for a while after its request is there, as any thread may. */
    @Test
    void aLateCancellerLeavesAloneWhatHasNothingToDoWithItsRequest() throws InterruptedException {
        ThreadFiber fiber = new ThreadFiber(() -> {});
        CountDownLatch told = new CountDownLatch(1);
        SlowlyTold next = new SlowlyTold(fiber, told, new CountDownLatch(0));
        Thread thread = new Thread(() -> {
            var _ = fiber.canceled();
            fiber.block(next);
        });
        fiber.started(thread);
        fiber.requestCancel();
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        fiber.cancelBlocker();

        assertThat(told.getCount()).isEqualTo(1);
        next.end();
        assertThat(thread.join(PATIENCE)).isTrue();
    }

    /** What takes its time when it is told to end, and ends meanwhile. */
    private static final class SlowlyTold implements Blocker {
        private final Fiber fiber;
        private final CountDownLatch told;
        private final CountDownLatch reached;
        private volatile boolean done;

        SlowlyTold(Fiber fiber, CountDownLatch told, CountDownLatch reached) {
            this.fiber = fiber;
            this.told = told;
            this.reached = reached;
        }

        void end() {
            done = true;
            fiber.unpark();
        }

        @Override
        public boolean isDone() {
            return done;
        }

        @Override
        public void cancel() {
            told.countDown();
            try {
                reached.await();
            } catch (InterruptedException nobody) {
                throw new AssertionError(nobody);
            }
        }

        @Override
        public String operation() {
            return "wait";
        }
    }
}
