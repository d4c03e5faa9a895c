package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.io.Action;
import dev.gyre.io.Body;
import dev.gyre.io.BoundedQueue;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Clock;
import dev.gyre.io.Condition;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Mutex;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Semaphore;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Closing an {@link Io} while threads use it that are none of its tasks. */
abstract class CloseIoConformance {
    private static final Duration LONG = Duration.ofHours(1);

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "TASK")
    void endsWhatThreadsWaitFor(Caller caller, Opener opener, @TempDir Path folder) throws Exception {
        Io io = opener.open(IoOptions.DEFAULT);
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
                Sockets.Pair tcp = Sockets.Pair.open(io);
                Sockets.Pair unix = Sockets.Pair.open(io, Sockets.Family.UNIX_PATH, folder);
                Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(8);
            MemorySegment tooMuch = arena.allocate(Sockets.TOO_MUCH);
            Mutex mutex = io.mutex();
            mutex.lock();
            BoundedQueue<Integer> queue = io.queue(1);
            List<Caller.Call<Object>> waiting = new ArrayList<>();
            for (Body<Object, Exception> body : List.<Body<Object, Exception>>of(
                    listener::accept,
                    () -> tcp.client().read(buffer),
                    () -> io.within(Timeout.after(LONG), () -> tcp.client().read(buffer)),
                    () -> unix.client().read(buffer),
                    () -> doing(() -> tcp.client().writeAll(tooMuch)),
                    () -> doing(() -> io.sleep(LONG)),
                    () -> doing(mutex::lock),
                    queue::get)) {
                waiting.add(caller.start(io, body).blocked());
            }

            io.close();

            for (Caller.Call<Object> each : waiting) {
                assertThatThrownBy(each::result).isInstanceOf(CanceledException.class);
            }
            for (Body<Object, Exception> late : List.<Body<Object, Exception>>of(
                    listener::accept,
                    () -> tcp.server().read(buffer),
                    () -> tcp.server().write(buffer),
                    () -> io.connect(listener.localAddress()),
                    () -> doing(() -> io.sleep(LONG)))) {
                assertThatThrownBy(() -> caller.run(io, late)).isInstanceOf(IllegalStateException.class)
                        .isNotInstanceOf(CanceledException.class)
                        .hasMessage("the Io is closed");
            }
        }
    }

    /** A thread in a protected region cannot be asked to stop; so it is waited for, as a task would be. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "TASK")
    void waitsForThreadsThatAreProtected(Caller caller, Opener opener) throws Exception {
        Io io = opener.open(IoOptions.DEFAULT);
        Duration pause = Duration.ofMillis(500);
        Caller.Call<Duration> sleeping = caller.start(io, () -> io.protect(() -> {
            Timestamp start = io.now(Clock.AWAKE);
            io.sleep(pause);
            return io.now(Clock.AWAKE).since(start);
        })).blocked();
        io.close();
        assertThat(sleeping.result()).isGreaterThanOrEqualTo(pause);
    }

    /** What it waits for may be in the hands of the one that closes, who would then wait for ever. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "TASK")
    void endsWhatCannotBeCanceled(Caller caller, Opener opener) throws Exception {
        Io io = opener.open(IoOptions.DEFAULT);
        Mutex held = io.mutex();
        held.lock();
        Mutex free = io.mutex();
        Semaphore semaphore = io.semaphore(0);
        ResetEvent event = io.resetEvent();
        Condition condition = free.condition();
        List<Caller.Call<Object>> waiting = new ArrayList<>();
        for (Action<Exception> wait : List.<Action<Exception>>of(
                held::lockUncancelable,
                semaphore::acquireUncancelable,
                event::awaitUncancelable,
                () -> locked(free, condition::awaitUncancelable))) {
            waiting.add(caller.start(io, () -> doing(wait)).blocked());
        }

        io.close();

        for (Caller.Call<Object> each : waiting) {
            assertThatThrownBy(each::result).isInstanceOf(IllegalStateException.class)
                    .isNotInstanceOf(CanceledException.class)
                    .hasMessage("the Io is closed");
        }
        assertThat(held.isHeld()).isTrue();
        held.unlock();
        assertThat(free.tryLock()).isTrue();
    }

    /** Nobody may be left who would end it; so not even what cannot be canceled begins. */
    @ParameterizedTest
    @EnumSource
    void nobodyBeginsToWaitAfterwards(Caller caller, Opener opener) throws Exception {
        Io io = opener.open(IoOptions.DEFAULT);
        Mutex held = io.mutex();
        held.lock();
        Mutex free = io.mutex();
        Semaphore semaphore = io.semaphore(0);
        BoundedQueue<Integer> empty = io.queue(1);
        BoundedQueue<Integer> full = io.queue(0);
        ResetEvent event = io.resetEvent();
        Condition condition = free.condition();
        io.close();
        try (Io another = opener.open(IoOptions.DEFAULT)) {
            for (Action<Exception> wait : List.<Action<Exception>>of(
                    held::lock,
                    held::lockUncancelable,
                    semaphore::acquire,
                    semaphore::acquireUncancelable,
                    event::await,
                    event::awaitUncancelable,
                    empty::get,
                    () -> full.put(1),
                    () -> io.protect(empty::get),
                    () -> io.protect(() -> full.put(List.of(1), 1)),
                    () -> locked(free, condition::await),
                    () -> locked(free, condition::awaitUncancelable))) {
                assertThatThrownBy(() -> caller.run(another, wait)).isInstanceOf(IllegalStateException.class)
                        .isNotInstanceOf(CanceledException.class)
                        .hasMessage("the Io is closed");
            }
            caller.run(another, () -> {
                locked(free, () -> {});
                assertThat(held.tryLock()).isFalse();
                semaphore.release();
                semaphore.acquireUncancelable();
            });
        }
        held.unlock();
    }

    /** The close ends one operation; the next is refused only where it would have to wait. */
    @Test
    void aThreadThatItEndedIsNotCanceledForGood(Opener opener) throws Exception {
        Io io = opener.open(IoOptions.DEFAULT);
        BoundedQueue<Integer> queue = io.queue(1);
        Mutex mutex = io.mutex();
        CompletableFuture<Object> closed = new CompletableFuture<>();
        CompletableFuture<Object> waiting = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            assertThatThrownBy(queue::get).isInstanceOf(CanceledException.class);
            closed.join();
            try {
                assertThatThrownBy(() -> io.blocking(() -> 1)).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(queue::get).isInstanceOf(IllegalStateException.class)
                        .hasMessage("the Io is closed");
                queue.put(7);
                assertThat(queue.get()).isEqualTo(7);
                mutex.lock();
                mutex.unlock();
                waiting.complete("as it should be");
            } catch (Throwable wrong) {
                waiting.completeExceptionally(wrong);
            }
        });
        Eventually.await("it waits", () -> io.describeTasks().contains("waits: get"));
        io.close();
        closed.complete("closed");
        thread.join();
        assertThat(waiting.join()).isEqualTo("as it should be");
    }

    /** All have the mutex again, one after the other, although the end of the first is that of the second's wait. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "TASK")
    void endsWaitersOfOneCondition(Caller caller, Opener opener) throws Exception {
        Io io = opener.open(IoOptions.DEFAULT);
        Mutex mutex = io.mutex();
        Condition condition = mutex.condition();
        List<Caller.Call<Object>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(caller.start(io, () -> doing(() -> locked(mutex, condition::await))).blocked());
        }
        io.close();
        for (Caller.Call<Object> each : waiting) {
            assertThatThrownBy(each::result).isInstanceOf(CanceledException.class);
        }
        assertThat(mutex.tryLock()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "TASK")
    @StressRun
    void leavesNobodyWhoBeginsToWaitAtThatMoment(Caller caller, Opener opener) throws Exception {
        for (int i = 0; i < Rounds.of(30); i++) {
            Io io = opener.open(IoOptions.DEFAULT);
            try (Sockets.Pair pair = Sockets.Pair.open(io); Arena arena = Arena.ofShared()) {
                MemorySegment byteThere = arena.allocate(1);
                MemorySegment byteBack = arena.allocate(1);
                CountDownLatch busy = new CountDownLatch(3);
                List<Caller.Call<Object>> calls = List.of(
                        caller.start(io, again(busy, () -> io.sleep(Duration.ofNanos(1000)))),
                        caller.start(io, again(busy, () -> {
                            pair.client().write(byteThere);
                            pair.client().read(byteBack);
                        })),
                        caller.start(io, again(busy, () -> {
                            pair.server().read(byteBack);
                            pair.server().write(byteBack);
                        })));
                busy.await();
                io.close();
                for (Caller.Call<Object> call : calls) {
                    assertThat(catchThrowable(call::result)).isInstanceOf(IllegalStateException.class);
                }
            }
        }
    }

    /** For ever, until it throws. */
    private static Body<Object, Exception> again(CountDownLatch busy, Action<Exception> action) {
        return () -> {
            action.run();
            busy.countDown();
            while (true) {
                action.run();
            }
        };
    }

    private static void locked(Mutex mutex, Action<Exception> action) throws Exception {
        mutex.lock();
        try {
            action.run();
        } finally {
            mutex.unlock();
        }
    }

    private static Object doing(Action<Exception> action) throws Exception {
        action.run();
        return "done";
    }
}
