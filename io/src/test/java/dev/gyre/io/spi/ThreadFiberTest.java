package dev.gyre.io.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a request to stop does to the thread of a fiber. */
final class ThreadFiberTest {
    /** A request to a task stays, and interrupts what waits in the JDK, again each time that somebody is told of it. */
    @Test
    @Tag("T3")
    void aRequestToATaskStays() throws Exception {
        ThreadFiber fiber = new ThreadFiber(() -> {});
        List<String> seen = new ArrayList<>();
        Thread thread = new Thread(() -> {
            for (int i = 0; i < 3; i++) {
                seen.add(Thread.interrupted() + " " + fiber.cancelPending());
                assertThatThrownBy(fiber::checkCancel).isInstanceOf(CanceledException.class);
            }
        });
        fiber.started(thread);
        fiber.requestCancel();
        thread.start();
        thread.join();
        assertThat(seen).containsExactly("true true", "true true", "true true");
    }

    /** In a protected region there is no request, and no interrupt; afterwards both are back. */
    @Test
    @Tag("T4")
    void aProtectedRegionIsNotInterrupted() throws Exception {
        ThreadFiber fiber = new ThreadFiber(() -> {});
        List<String> seen = new ArrayList<>();
        Thread thread = new Thread(() -> {
            fiber.protect();
            fiber.protect();
            seen.add(Thread.currentThread().isInterrupted() + " " + fiber.cancelPending());
            fiber.unprotect();
            fiber.requestCancel();
            seen.add(Thread.currentThread().isInterrupted() + " " + fiber.cancelPending());
            fiber.unprotect();
            seen.add(Thread.currentThread().isInterrupted() + " " + fiber.cancelPending());
        });
        fiber.started(thread);
        fiber.requestCancel();
        thread.start();
        thread.join();
        assertThat(seen).containsExactly("false false", "false false", "true true");
    }

    /** The flag of a foreign thread is as it was when its wait is over, and is its only request. */
    @Test
    @Tag("T3")
    void anInterruptOfAForeignThreadIsLeftToIt() throws Exception {
        List<String> seen = new ArrayList<>();
        Thread thread = new Thread(() -> {
            ThreadFiber fiber = new ThreadFiber(Thread.currentThread());
            Waiter waiter = new Waiter(fiber, "wait") {
                @Override
                public void cancel() {
                    signal();
                }
            };
            Thread.currentThread().interrupt();
            fiber.block(waiter);
            seen.add(Thread.currentThread().isInterrupted() + " " + fiber.cancelPending());
            assertThatThrownBy(fiber::checkCancel).isInstanceOf(CanceledException.class);
            seen.add(Thread.interrupted() + " " + fiber.cancelPending());
        });
        thread.start();
        thread.join();
        assertThat(seen).containsExactly("true true", "true false");
    }

    /** Whoever wakes a fiber before it waits in something of its own lets it look once more. */
    @Test
    void aWakeUpThatComesBeforeTheWaitIsHeard() {
        ThreadFiber fiber = new ThreadFiber(Thread.currentThread());
        int[] suspensions = {0};
        fiber.wake();
        fiber.blockUncancelable(new InPlaceBlocker() {
            @Override
            public void suspend() {
                suspensions[0]++;
            }

            @Override
            public void interrupt() {}

            @Override
            public boolean isDone() {
                return suspensions[0] > 0;
            }

            @Override
            public void cancel() {}

            @Override
            public String operation() {
                return "wait";
            }
        });
        assertThat(suspensions).containsExactly(1);
    }
}
