package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Action;
import dev.gyre.io.Body;
import dev.gyre.io.BoundedQueue;
import dev.gyre.io.CanceledException;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Mutex;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Starting tasks, and their results. */
abstract class TaskConformance {
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    @Tag("T1")
    void asyncRunsOnTheCallerAtLimitZero(Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT.withAsyncLimit(0))) {
            Thread caller = Thread.currentThread();
            Task<Thread, RuntimeException> task = io.async(Thread::currentThread);
            assertThat(task.isDone()).isTrue();
            assertThat(task.await()).isSameAs(caller);
        }
    }

    @Test
    @Tag("T1")
    void asyncRunsBesideTheCallerBelowTheLimit(Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT.withAsyncLimit(1))) {
            CountDownLatch released = new CountDownLatch(1);
            Task<Thread, InterruptedException> first = io.async(() -> {
                released.await();
                return Thread.currentThread();
            });
            assertThat(first.isDone()).isFalse();
            Task<Thread, RuntimeException> second = io.async(Thread::currentThread);
            assertThat(second.await()).as("the limit is reached").isSameAs(Thread.currentThread());
            released.countDown();
            assertThat(first.await()).isNotSameAs(Thread.currentThread());
            assertThat(io.async(Thread::currentThread).await())
                    .as("the unit is free again").isNotSameAs(Thread.currentThread());
        }
    }

    @Test
    @Tag("T1")
    void asyncLimitIsSetWhileRunning(Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT.withAsyncLimit(0))) {
            io.setAsyncLimit(1);
            assertThat(io.async(Thread::currentThread).await()).isNotSameAs(Thread.currentThread());
            io.setAsyncLimit(0);
            assertThat(io.async(Thread::currentThread).await()).isSameAs(Thread.currentThread());
            assertThatIllegalArgumentException().isThrownBy(() -> io.setAsyncLimit(-1)).withMessageContaining("-1");
        }
    }

    @Test
    @Tag("T1")
    void concurrentStopsAtItsLimit(Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT.withConcurrentLimit(2))) {
            Task<?, RuntimeException> first = sleeper(io);
            Task<?, RuntimeException> second = sleeper(io);
            assertThatThrownBy(() -> sleeper(io))
                    .isInstanceOf(ConcurrencyUnavailable.class).hasMessageContaining("limit of 2");
            assertThatThrownBy(first::cancel).isInstanceOf(CanceledException.class);
            Task<?, RuntimeException> third = sleeper(io);
            assertThatThrownBy(second::cancel).isInstanceOf(CanceledException.class);
            assertThatThrownBy(third::cancel).isInstanceOf(CanceledException.class);
        }
    }

    @Test
    @Tag("T1")
    void concurrentAlwaysRunsBeside(Io io) throws Exception {
        List<Task<Integer, InterruptedException>> tasks = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            int number = i;
            tasks.add(io.concurrent(() -> {
                all.countDown();
                // Not an operation of the Io's: none of the twenty gets on before the others have started.
                while (all.getCount() > 0) {
                    io.sleep(Duration.ofMillis(1));
                }
                return number;
            }));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(tasks.get(i).await()).isEqualTo(i);
        }
    }

    @Test
    @Tag("T2")
    void awaitReturnsTheVeryResult(Io io) throws Exception {
        Object result = new Object();
        Task<Object, RuntimeException> task = io.concurrent(() -> result);
        assertThat(task.await()).isSameAs(result);
        assertThat(task.await()).as("again").isSameAs(result);
        assertThat(task.cancel()).as("cancel after the end").isSameAs(result);
        assertThat(task.isDone()).isTrue();
        assertThat(io.<Object, RuntimeException>concurrent(() -> null).await()).isNull();
    }

    @Test
    @Tag("T2")
    void awaitThrowsTheVeryException(Io io) throws Exception {
        for (Throwable thrown : List.of(new IOException("checked"), new IllegalArgumentException("unchecked"),
                new StackOverflowError("error"))) {
            Task<Object, Exception> task = io.concurrent(() -> {
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (Exception) thrown;
            });
            assertThatThrownBy(task::await).isSameAs(thrown);
            assertThatThrownBy(task::await).as("again").isSameAs(thrown);
            assertThatThrownBy(task::cancel).as("cancel after the end").isSameAs(thrown);
        }
    }

    @Test
    @Tag("T2")
    void manyMayAwaitOneTask(Io io) throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        Task<String, InterruptedException> task = io.concurrent(() -> io.blocking(() -> {
            released.await();
            return "result";
        }));
        List<Caller.Call<String>> waiting = new ArrayList<>();
        for (Caller caller : Caller.values()) {
            waiting.add(caller.start(io, task::await).blocked());
            waiting.add(caller.start(io, task::await).blocked());
        }
        released.countDown();
        for (Caller.Call<String> call : waiting) {
            assertThat(call.result()).isEqualTo("result");
        }
    }

    @Test
    @Tag("T2")
    void tasksStartTasks(Io io) throws Exception {
        assertThat(sum(io, 6)).isEqualTo(64);
    }

    @Test
    @Tag("T4")
    void aRequestIsSeenUntilTheEnd(Io io) throws Exception {
        List<Boolean> seen = new CopyOnWriteArrayList<>();
        Task<String, RuntimeException> task = io.concurrent(() -> {
            while (!io.cancelRequested()) {
                Thread.onSpinWait();
                Thread.yield();
            }
            for (int i = 0; i < 2; i++) {
                seen.add(io.cancelRequested());
                assertThatThrownBy(io::checkCancel).isInstanceOf(CanceledException.class);
            }
            return "went on";
        });
        assertThat(task.cancel()).isEqualTo("went on");
        assertThat(seen).containsExactly(true, true);
    }

    @Test
    @Tag("T4")
    void outsideOfTasksNothingIsRequested(Io io) {
        assertThat(io.cancelRequested()).isFalse();
        assertThatCode(io::checkCancel).doesNotThrowAnyException();
    }

    @Test
    @Tag("T4")
    void aProtectedRegionIsNotInterrupted(Io io) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        AtomicReference<String> outcome = new AtomicReference<>();
        Task<Object, RuntimeException> task = io.concurrent(() -> {
            outcome.set(io.protect(() -> io.protect(() -> {
                inside.countDown();
                io.sleep(Duration.ofMillis(100));
                io.checkCancel();
                return io.cancelRequested() ? "requested" : "slept";
            })));
            io.sleep(LONG);
            return "not reached";
        });
        inside.await();
        assertThatThrownBy(task::cancel).isInstanceOf(CanceledException.class);
        assertThat(outcome).hasValue("slept");
    }

    @Test
    @Tag("T4")
    void protectPassesResultAndException(Io io) {
        assertThat(io.<Integer, RuntimeException>protect(() -> 7)).isEqualTo(7);
        IOException thrown = new IOException();
        assertThatThrownBy(() -> io.protect(() -> {
            throw thrown;
        })).isSameAs(thrown);
        assertThat(io.<Integer, RuntimeException>protect(() -> 8)).as("left in order").isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T1")
    void blockingRunsOnAThreadThatMayBlock(Caller caller, Io io) throws Exception {
        Thread[] threads = caller.start(io, () -> {
            Thread blocking = io.<Thread, RuntimeException>blocking(Thread::currentThread);
            return new Thread[] {Thread.currentThread(), blocking};
        }).result();
        assertThat(threads[1]).isNotSameAs(threads[0]);
        assertThat(threads[1].isVirtual()).isFalse();
        IOException thrown = new IOException();
        assertThatThrownBy(() -> caller.start(io, () -> io.blocking(() -> {
            throw thrown;
        })).result()).isSameAs(thrown);
    }

    /** The thread that it runs on is one like any other, which may call any method. */
    @ParameterizedTest
    @EnumSource
    @Tag("T21")
    void whatBlocksMayUseTheIo(Caller caller, Io io) throws Exception {
        BoundedQueue<String> queue = io.queue(0);
        Mutex mutex = io.mutex();
        Task<String, RuntimeException> getter = io.concurrent(queue::get);
        assertThat(caller.run(io, () -> io.<String, Exception>blocking(() -> {
            mutex.lock();
            io.sleep(Duration.ofMillis(1));
            queue.put("from afar");
            mutex.unlock();
            Task<String, RuntimeException> inner = io.concurrent(() -> io.blocking(() -> {
                io.sleep(Duration.ofMillis(1));
                return "done";
            }));
            return inner.await();
        }))).isEqualTo("done");
        assertThat(getter.await()).isEqualTo("from afar");
        Caller.Call<Object> sleeping = caller.start(io, () -> io.blocking(() -> {
            io.sleep(LONG);
            return "woke";
        }));
        assertThatThrownBy(sleeping.blocked()::stop).isInstanceOf(CanceledException.class);
    }

    /** What blocks elsewhere is interrupted, and waited for all the same. */
    @Test
    @Tag("T3")
    void blockingIsInterruptedAndAwaited(Io io) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        AtomicReference<String> outcome = new AtomicReference<>();
        Caller.Call<Object> task = Caller.TASK.start(io, () -> {
            outcome.set(io.blocking(() -> {
                inside.countDown();
                try {
                    Thread.sleep(LONG);
                    return "slept";
                } catch (InterruptedException expected) {
                    Thread.sleep(20);
                    return "interrupted";
                }
            }));
            io.checkCancel();
            return "not reached";
        });
        inside.await();
        assertThatThrownBy(task::stop).isInstanceOf(CanceledException.class);
        assertThat(outcome).hasValue("interrupted");
        assertThat(io.<Boolean, RuntimeException>blocking(() -> Thread.currentThread().isInterrupted()))
                .as("the pool's thread was left as it was").isFalse();
    }

    @Test
    @Tag("T22")
    void randomNumbersDiffer(Io io) throws Exception {
        for (RandomGenerator random : List.of(io.random(), io.randomSecure())) {
            assertThat(random.longs(1000).distinct().count()).isEqualTo(1000);
            byte[] bytes = new byte[10_000];
            random.nextBytes(bytes);
            int ones = 0;
            for (byte each : bytes) {
                ones += Integer.bitCount(Byte.toUnsignedInt(each));
            }
            assertThat(ones).as("bits that are set, of 80,000").isBetween(39_000, 41_000);
            assertThat(io.<Boolean, RuntimeException>concurrent(random::nextBoolean).await()).isNotNull();
        }
    }

    /** What one has done to the thread is not there for the next, be it that a pool has lent it to both. */
    @Test
    @Tag("T1")
    void aTaskAndWhatBlocksFindTheirThreadAsNew(Io io) throws Exception {
        Thread caller = Thread.currentThread();
        ClassLoader before = caller.getContextClassLoader();
        ClassLoader loader = new ClassLoader(before) {};
        Thread.UncaughtExceptionHandler handler = (_, _) -> {};
        Body<Integer, RuntimeException> look = () -> {
            Thread thread = Thread.currentThread();
            assertThat(thread.getName()).startsWith("gyre-");
            assertThat(thread.getContextClassLoader()).isSameAs(loader);
            assertThat(thread.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
            assertThat(thread.getUncaughtExceptionHandler()).isNotSameAs(handler);
            thread.setName("changed");
            thread.setContextClassLoader(before);
            thread.setPriority(Thread.MIN_PRIORITY);
            thread.setUncaughtExceptionHandler(handler);
            return 1;
        };
        caller.setContextClassLoader(loader);
        caller.setPriority(Thread.MIN_PRIORITY);
        try {
            for (int i = 0; i < 5; i++) {
                assertThat(io.concurrent(look).await() + io.blocking(look)).isEqualTo(2);
            }
        } finally {
            caller.setContextClassLoader(before);
            caller.setPriority(Thread.NORM_PRIORITY);
        }
    }

    @Test
    void describesForeignThreadsThatWait(Io io) throws Exception {
        BoundedQueue<String> queue = io.queue(1);
        Caller.Call<String> getting = Caller.PLATFORM_THREAD.start(io, queue::get).blocked();
        assertThat(io.describeTasks()).matches("caller-\\d+#\\d+ \\(no task\\) waits: get from a queue that is empty");
        queue.put("element");
        assertThat(getting.result()).isEqualTo("element");
        assertThat(io.describeTasks()).isEmpty();
    }

    @Test
    void describesWhomAGroupWaitsFor(Io io) throws Exception {
        try (Group<RuntimeException> group = io.group()) {
            group.concurrent(() -> io.sleep(LONG));
            Caller.Call<Object> awaiting = Caller.TASK.start(io, () -> {
                group.await();
                return null;
            }).blocked();
            assertThat(io.describeTasks()).containsPattern(
                    "Caller\\S* waits: await a group of 1 task: \\S+ TaskConformance\\S*(\n|$)");
            for (int i = 0; i < 10; i++) {
                group.concurrent(() -> io.sleep(LONG));
            }
            assertThat(io.describeTasks()).containsPattern("of 11 tasks: [^,]+, [^,]+, [^,]+ and others(\n|$)");
            assertThatThrownBy(awaiting::stop).isInstanceOf(CanceledException.class);
        }
    }

    /** Who waits for what, for people who wonder why nothing happens. */
    @Test
    void describesWhatTasksWaitFor(Io io) throws Exception {
        Mutex mutex = io.mutex();
        mutex.lock();
        Caller.Call<Object> locking = Caller.TASK.start(io, () -> {
            mutex.lock();
            mutex.unlock();
            return "locked";
        });
        locking.blocked();
        Task<Object, Exception> waiting = io.concurrent(() -> {
            io.sleep(LONG);
            return null;
        });
        Caller.Call<Object> awaiting = Caller.TASK.start(io, waiting::await);
        awaiting.blocked();
        Eventually.await("all three are described", () -> io.describeTasks().lines()
                .filter(line -> line.contains(" waits: ")).count() == 3);
        assertThat(io.describeTasks())
                .contains(waiting + " waits: sleep")
                .containsPattern("Caller\\S* waits: await " + waiting + "\n?")
                .containsPattern("Caller\\S* waits: lock the mutex that .* holds");
        assertThatThrownBy(awaiting::stop).isInstanceOf(CanceledException.class);
        mutex.unlock();
        assertThat(locking.result()).isEqualTo("locked");
        assertThat(io.describeTasks()).isEmpty();
    }

    @Test
    @Tag("T3")
    void closeCancelsAndAwaitsTasks(Opener opener) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        Io io = opener.open(IoOptions.DEFAULT);
        Task<Object, RuntimeException> task = io.concurrent(() -> {
            try {
                io.sleep(LONG);
                return "not reached";
            } finally {
                io.protect(() -> {
                    io.sleep(Duration.ofMillis(50));
                    ended.set(true);
                    return null;
                });
            }
        });
        io.close();
        assertThat(ended).isTrue();
        assertThatThrownBy(task::await).isInstanceOf(CanceledException.class);
        io.close();
        assertThatIllegalStateException().isThrownBy(() -> sleeper(io)).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> io.async(() -> 1)).withMessageContaining("closed");
    }

    @Test
    @Tag("T6")
    void closeCancelsAndAwaitsMembersOfGroups(Opener opener) throws Exception {
        AtomicBoolean canceled = new AtomicBoolean();
        Io io = opener.open(IoOptions.DEFAULT);
        @SuppressWarnings("resource") // left open on purpose
        Group<RuntimeException> group = io.group();
        group.concurrent(() -> {
            try {
                io.sleep(LONG);
            } catch (CanceledException expected) {
                canceled.set(true);
                throw expected;
            }
        });
        io.close();
        assertThat(canceled).isTrue();
        assertThat(group.size()).isZero();
        assertThatIllegalStateException().isThrownBy(() -> group.concurrent(() -> {})).withMessageContaining("closed");
        group.await();
    }

    @Test
    void aTaskCannotCloseItsOwnIo(Io io) throws Exception {
        Task<Object, RuntimeException> task = io.concurrent(() -> {
            io.close();
            return "not reached";
        });
        assertThatIllegalStateException().isThrownBy(task::await).withMessageContaining("own task");
        assertThat(io.concurrent(() -> "still open").await()).isEqualTo("still open");
    }

    /** Closing would wait for the task that waits for the body. */
    @ParameterizedTest
    @EnumSource
    void whatBlocksCannotCloseItsIo(Caller caller, Io io, Opener opener) throws Exception {
        try (Io other = opener.open(IoOptions.DEFAULT)) {
            for (Action<Exception> close : List.<Action<Exception>>of(
                    () -> io.blocking(() -> closing(io)),
                    () -> io.blocking(() -> other.blocking(() -> closing(io))))) {
                assertThatIllegalStateException().isThrownBy(() -> caller.run(io, close))
                        .withMessageContaining("blocking").withMessageContaining("opened");
            }
        }
        Io opened = opener.open(IoOptions.DEFAULT);
        assertThat(caller.run(io, () -> io.blocking(() -> closing(opened)))).isEqualTo("closed");
    }

    @Test
    void whatAnotherIoBlocksCannotCloseTheIoOfItsTask(Io io, Opener opener) throws Exception {
        try (Io other = opener.open(IoOptions.DEFAULT)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Caller.TASK.run(io, () -> other.blocking(() -> closing(io))))
                    .withMessageContaining("own task");
        }
    }

    /** A task is known by its thread, whatever it has made of that; and by its caller's, where it runs on that one. */
    @ParameterizedTest
    @EnumSource
    void aTaskInDisguiseCannotCloseItsIo(Caller caller, Io io) throws Exception {
        Task<Object, RuntimeException> disguised = io.concurrent(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((_, _) -> {});
            return closing(io);
        });
        assertThatIllegalStateException().isThrownBy(disguised::await).withMessageContaining("own task");
        io.setAsyncLimit(0);
        assertThatIllegalStateException()
                .isThrownBy(() -> caller.run(io, () -> io.async(() -> closing(io)).await()))
                .withMessageContaining("own task");
    }

    @Test
    void aTaskInDisguiseIsStillOne(Io io) throws Exception {
        Mutex mutex = io.mutex();
        Task<Boolean, Exception> disguised = io.concurrent(() -> {
            mutex.lock();
            Thread.currentThread().setUncaughtExceptionHandler((_, _) -> {});
            io.sleep(Duration.ofMillis(1));
            boolean held = mutex.isHeld();
            mutex.unlock();
            return held;
        });
        assertThat(disguised.await()).isTrue();
        Task<String, RuntimeException> limited = io.concurrent(() -> {
            try {
                return io.within(Timeout.after(Duration.ofMillis(1)), () -> {
                    Thread.currentThread().setUncaughtExceptionHandler((_, _) -> {});
                    io.sleep(Duration.ofHours(1));
                    return "slept";
                });
            } catch (TimeoutException over) {
                return "over";
            }
        });
        assertThat(limited.await()).isEqualTo("over");
    }

    @Test
    void aTaskMayOpenAndCloseAnotherIo(Io io, Opener opener) throws Exception {
        Task<String, Exception> task = io.concurrent(() -> {
            try (Io other = opener.open(IoOptions.DEFAULT)) {
                Task<String, RuntimeException> inner = other.concurrent(() -> {
                    other.sleep(Duration.ofMillis(1));
                    return "inner";
                });
                return inner.await();
            }
        });
        assertThat(task.await()).isEqualTo("inner");
    }

    @Test
    void aTaskDoesNotWaitForItself(Io io) throws Exception {
        BoundedQueue<Task<String, RuntimeException>> self = io.queue(1);
        Task<String, RuntimeException> task = io.concurrent(() -> {
            Task<String, RuntimeException> own = self.get();
            try {
                own.await();
                return "awaited itself";
            } catch (IllegalStateException refused) {
                assertThat(refused).hasMessageContaining("would wait for itself");
            }
            try {
                own.cancel();
                return "canceled itself";
            } catch (IllegalStateException refused) {
                io.checkCancel();
                return String.valueOf(refused.getMessage());
            }
        });
        self.put(task);

        assertThat(task.await()).contains("would wait for itself");
    }

    @Test
    void itSaysWhatItIs(Io io) {
        assertThat(io.backend()).matches("[a-z]+");
        assertThat(io.description()).isNotBlank();
    }

    private static String closing(Io io) {
        io.close();
        return "closed";
    }

    private static int sum(Io io, int depth) throws ConcurrencyUnavailable {
        if (depth == 0) {
            return 1;
        }
        Task<Integer, ConcurrencyUnavailable> left = io.concurrent(() -> sum(io, depth - 1));
        Task<Integer, ConcurrencyUnavailable> right = io.async(() -> sum(io, depth - 1));
        return left.await() + right.await();
    }

    private static Task<Object, RuntimeException> sleeper(Io io) throws ConcurrencyUnavailable {
        return io.concurrent(() -> {
            io.sleep(LONG);
            return null;
        });
    }
}
