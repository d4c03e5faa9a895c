package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

    /** What swallows a request meets it again, at each point and in waits of the JDK's, until the task has ended. */
    @Test
    void staysUntilTheEnd(Io io) throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Caller.Call<String> call = Caller.TASK.start(io, () -> {
            for (int i = 0; i < 3; i++) {
                try {
                    io.sleep(LONG);
                    told.add("woke");
                } catch (RuntimeException swallowed) {
                    told.add("told " + io.cancelRequested());
                }
                try {
                    Thread.sleep(LONG);
                    told.add("woke");
                } catch (InterruptedException swallowed) {
                    told.add("interrupted");
                }
            }
            return "went on";
        });
        assertThat(call.blocked().stop()).isEqualTo("went on");
        assertThat(told).containsExactly(
                "told true", "interrupted", "told true", "interrupted", "told true", "interrupted");
    }

    /** A handler that logs everything and goes on is what Java programs do; it must not make a task immortal. */
    @Test
    @Timeout(20)
    void endsALoopThatSwallowsEverything(Opener opener) throws Exception {
        Io io = opener.open(IoOptions.DEFAULT);
        CountDownLatch running = new CountDownLatch(1);
        AtomicInteger swallowed = new AtomicInteger();
        Task<Object, RuntimeException> task = io.concurrent(() -> {
            running.countDown();
            while (swallowed.get() < 100) {
                try {
                    io.sleep(LONG);
                } catch (RuntimeException logged) {
                    swallowed.incrementAndGet();
                }
            }
            return "gave up";
        });
        running.await();
        io.close();
        assertThat(task.isDone()).isTrue();
        assertThat(swallowed).hasValue(100);
    }

    @Test
    void interruptsWhatWaitsInTheJdk(Io io) throws Exception {
        for (Body<Object, Exception> body : List.<Body<Object, Exception>>of(
                () -> {
                    Thread.sleep(LONG);
                    return "woke";
                },
                () -> new LinkedBlockingQueue<>().take(),
                () -> new CompletableFuture<>().get())) {
            Caller.Call<Object> call = Caller.TASK.start(io, body);
            assertThatThrownBy(call.blocked()::stop).isInstanceOf(InterruptedException.class);
        }
    }

    /** A task that waits there has not failed when it is asked to stop. */
    @ParameterizedTest
    @EnumSource
    void endsWhatBlocks(Caller caller, Io io) throws Exception {
        Caller.Call<Object> call = caller.start(io, () -> io.blocking(() -> new LinkedBlockingQueue<>().take()));
        assertThatThrownBy(call.blocked()::stop).isInstanceOf(CanceledException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        @SuppressWarnings("resource") // its close() could throw what must not be thrown
        Group<InterruptedException> group = io.group();
        CountDownLatch inside = new CountDownLatch(1);
        group.concurrent(() -> io.blocking(() -> {
            inside.countDown();
            Thread.sleep(LONG);
            return null;
        }));
        inside.await();
        group.cancel();
    }

    /** The request is over with its task: whatever runs next on the same thread is not interrupted. */
    @Test
    void leavesNoInterruptBehind(Io io) throws Exception {
        AtomicInteger interrupted = new AtomicInteger();
        for (int i = 0; i < 300; i++) {
            AtomicBoolean go = new AtomicBoolean();
            CountDownLatch inside = new CountDownLatch(1);
            Task<Object, RuntimeException> task = io.concurrent(() -> {
                inside.countDown();
                while (!go.get()) {
                    Thread.onSpinWait();
                    Thread.yield();
                }
                return null;
            });
            inside.await();
            // The end of the task and the request come at the same moment.
            Thread canceller = Thread.startVirtualThread(task::cancel);
            go.set(true);
            task.await();
            io.concurrent(() -> Thread.currentThread().isInterrupted() ? interrupted.incrementAndGet() : 0).await();
            canceller.join();
        }
        assertThat(interrupted).hasValue(0);
    }

    /** A protected region is not disturbed, be it by an interrupt; what comes after it is. */
    @Test
    @Tag("T4")
    void spareAProtectedRegion(Io io) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean go = new AtomicBoolean();
        List<String> seen = new CopyOnWriteArrayList<>();
        Task<Object, Exception> task = io.concurrent(() -> {
            io.protect(() -> {
                inside.countDown();
                while (!go.get()) {
                    Thread.yield();
                }
                Thread.sleep(5);
                io.sleep(Duration.ofMillis(5));
                return seen.add("slept, asked: " + io.cancelRequested());
            });
            seen.add("asked: " + io.cancelRequested());
            io.sleep(LONG);
            return null;
        });
        inside.await();
        Caller.Call<Object> stopper = Caller.PLATFORM_THREAD.start(io, task::cancel).blocked();
        go.set(true);
        assertThatThrownBy(stopper::result).isInstanceOf(CanceledException.class);
        assertThat(seen).containsExactly("slept, asked: false", "asked: true");
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
        AtomicBoolean stays = new AtomicBoolean();
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
            stays.set(io.cancelRequested());
            return result;
        });
        assertThat(parent.blocked().stop()).isEqualTo("child was told");
        assertThat(stays).isTrue();
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

    /** What a foreign thread waits for in a protected region is not cut short, and the flag is there afterwards. */
    @Test
    void doesNotSwallowAnInterruptThatNobodyHeard(Io io) throws Exception {
        for (Caller caller : List.of(Caller.PLATFORM_THREAD, Caller.VIRTUAL_THREAD)) {
            ResetEvent released = io.resetEvent();
            Caller.Call<List<Boolean>> call = caller.start(io, () -> {
                released.awaitUncancelable();
                boolean afterwards = Thread.currentThread().isInterrupted();
                boolean asked = io.cancelRequested();
                return List.of(afterwards, asked, Thread.interrupted());
            });
            call.blocked().thread.join().interrupt();
            released.set();
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
