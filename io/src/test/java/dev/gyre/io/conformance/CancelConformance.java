package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests to stop: when they arrive, and what they leave as it was. */
@Tag("T3")
abstract class CancelConformance {
    private static final Duration LONG = Duration.ofHours(1);

    @ParameterizedTest
    @EnumSource
    void interruptsASleep(Caller caller, Io io) throws Exception {
        Stopping.assertStops(caller, io, () -> {
            io.sleep(LONG);
            return "woke";
        });
    }

    @Test
    void arrivesBeforeTheTaskStarts(Io io) throws Exception {
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
            Task<Object, RuntimeException> task = io.concurrent(() -> {
                ran.incrementAndGet();
                io.sleep(LONG);
                return null;
            });
            assertThatThrownBy(task::cancel).isInstanceOf(CanceledException.class);
        }
        assertThat(ran).as("a body always runs").hasValue(50);
    }

    @Test
    void isDeliveredOnce(Io io) throws Exception {
        CountDownLatch delivered = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Task<String, Exception> task = io.concurrent(() -> {
            assertThatThrownBy(() -> io.sleep(LONG)).isInstanceOf(CanceledException.class);
            delivered.countDown();
            io.blocking(() -> {
                asked.await();
                return null;
            });
            io.sleep(Duration.ofMillis(5));
            io.checkCancel();
            return "went on";
        });
        Caller.Call<String> first = Caller.PLATFORM_THREAD.start(io, task::cancel);
        delivered.await();
        Caller.Call<String> second = Caller.PLATFORM_THREAD.start(io, task::cancel).blocked();
        asked.countDown();
        assertThat(first.result()).isEqualTo("went on");
        assertThat(second.result()).isEqualTo("went on");
    }

    @Test
    void leavesABodyThatNeverLooksItsResult(Io io) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean go = new AtomicBoolean();
        Task<String, RuntimeException> task = io.concurrent(() -> {
            inside.countDown();
            while (!go.get()) {
                Thread.yield();
            }
            return "valid";
        });
        inside.await();
        Caller.Call<String> stopper = Caller.PLATFORM_THREAD.start(io, task::cancel).blocked();
        go.set(true);
        assertThat(stopper.result()).isEqualTo("valid");
        assertThat(task.await()).isEqualTo("valid");
    }

    @Test
    void changesNothingAfterTheEnd(Io io) throws Exception {
        Task<String, RuntimeException> task = io.concurrent(() -> "result");
        assertThat(task.await()).isEqualTo("result");
        assertThat(task.cancel()).isEqualTo("result");
        assertThat(io.concurrent(() -> {
            io.sleep(Duration.ofMillis(1));
            return "the thread was told nothing";
        }).await()).isEqualTo("the thread was told nothing");
    }

    @Test
    void isPassedOnByAwait(Io io) throws Exception {
        AtomicBoolean consumed = new AtomicBoolean();
        Caller.Call<String> parent = Caller.TASK.start(io, () -> {
            Task<String, RuntimeException> child = io.concurrent(() -> {
                try {
                    io.sleep(LONG);
                    return "woke";
                } catch (CanceledException expected) {
                    return "child was told";
                }
            });
            String result = child.await();
            consumed.set(!io.cancelRequested());
            io.sleep(Duration.ofMillis(1));
            return result;
        });
        assertThat(parent.blocked().stop()).isEqualTo("child was told");
        assertThat(consumed).isTrue();
    }

    @Test
    void isPassedOnThroughAChain(Io io) throws Exception {
        AtomicInteger told = new AtomicInteger();
        Caller.Call<Object> parent = Caller.TASK.start(io, () -> chain(io, 10, told));
        assertThatThrownBy(parent.blocked()::stop).isInstanceOf(CanceledException.class);
        assertThat(told).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void isPassedOnByTheAwaitOfAGroup(Caller caller, Io io) throws Exception {
        AtomicInteger told = new AtomicInteger();
        Caller.Call<Object> call = caller.start(io, () -> {
            try (Group<RuntimeException> group = io.group()) {
                for (int i = 0; i < 5; i++) {
                    group.concurrent(() -> {
                        try {
                            io.sleep(LONG);
                        } catch (CanceledException expected) {
                            told.incrementAndGet();
                        }
                    });
                }
                group.await();
                return null;
            }
        });
        assertThatThrownBy(call.blocked()::stop).isInstanceOf(CanceledException.class);
        assertThat(told).hasValue(5);
    }

    @Test
    void doesNotSwallowAnInterruptThatNobodyHeard(Io io) throws Exception {
        for (Caller caller : List.of(Caller.PLATFORM_THREAD, Caller.VIRTUAL_THREAD)) {
            CountDownLatch released = new CountDownLatch(1);
            Caller.Call<List<Boolean>> call = caller.start(io, () -> {
                io.blocking(() -> {
                    released.await();
                    return null;
                });
                boolean afterBlocking = Thread.currentThread().isInterrupted();
                boolean asked = io.cancelRequested();
                return List.of(afterBlocking, asked, Thread.interrupted());
            });
            call.blocked().thread.join().interrupt();
            released.countDown();
            assertThat(call.result()).as(caller.name()).containsExactly(true, true, true);
        }
    }

    @Test
    void isHeardByATaskWhoseThreadIsInterrupted(Io io) throws Exception {
        Caller.Call<Object> call = Caller.TASK.start(io, () -> {
            io.sleep(LONG);
            return "woke";
        });
        call.blocked().thread.join().interrupt();
        assertThatThrownBy(call::result).isInstanceOf(CanceledException.class);
    }

    private static Object chain(Io io, int depth, AtomicInteger told) throws Exception {
        if (depth == 0) {
            try {
                io.sleep(LONG);
                return null;
            } catch (CanceledException expected) {
                told.incrementAndGet();
                throw expected;
            }
        }
        Task<Object, Exception> child = io.concurrent(() -> chain(io, depth - 1, told));
        return child.await();
    }
}
