package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Action;
import dev.gyre.io.Body;
import dev.gyre.io.BoundedQueue;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Clock;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Mutex;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scopes with a limit of time. */
@Tag("T4")
@Tag("T7")
abstract class LimitConformance {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofHours(1);
    private static final Timeout SOON = Timeout.after(SHORT);

    @ParameterizedTest
    @EnumSource
    void endsEveryWait(Caller caller, Io io) throws Exception {
        Mutex mutex = io.mutex();
        mutex.lock();
        Mutex own = io.mutex();
        BoundedQueue<Integer> empty = io.queue(1);
        BoundedQueue<Integer> full = io.queue(0);
        for (Action<Exception> wait : List.<Action<Exception>>of(
                () -> io.sleep(LONG),
                mutex::lock,
                empty::get,
                () -> full.put(1),
                () -> io.semaphore(0).acquire(),
                () -> io.resetEvent().await(),
                () -> {
                    own.lock();
                    try {
                        own.condition().await();
                    } finally {
                        own.unlock();
                    }
                })) {
            caller.run(io, () -> {
                Timestamp end = io.now(Clock.AWAKE).plus(SHORT);
                assertThatThrownBy(() -> io.within(SOON, () -> {
                    wait.run();
                    return "done";
                })).isInstanceOf(TimeoutException.class).hasMessageContaining("limit of time");
                assertThat(io.now(Clock.AWAKE)).isGreaterThanOrEqualTo(end);
                assertThat(io.cancelRequested()).as("outside of the scope").isFalse();
            });
        }
        mutex.unlock();
    }

    /** What waits in the JDK elsewhere is interrupted; how it ends is no other than for a wait of ours. */
    @ParameterizedTest
    @EnumSource
    void endsWhatBlocks(Caller caller, Io io) throws Exception {
        for (Body<Object, Exception> wait : List.<Body<Object, Exception>>of(
                () -> new LinkedBlockingQueue<>().take(),
                () -> new CompletableFuture<>().get(),
                () -> io.queue(1).get())) {
            caller.run(io, () -> {
                assertThatThrownBy(() -> io.within(SOON, () -> io.blocking(wait)))
                        .isInstanceOf(TimeoutException.class);
                assertThat(io.cancelRequested()).as("outside of the scope").isFalse();
            });
        }
        assertThat(caller.run(io, () -> io.within(SOON, () -> io.<String, Exception>blocking(() -> {
            try {
                return new LinkedBlockingQueue<String>().take();
            } catch (InterruptedException expected) {
                return "made the best of it";
            }
        })))).isEqualTo("made the best of it");
    }

    /** What another {@code Io} does has a limit of its own. */
    @ParameterizedTest
    @EnumSource
    void holdsForOneIo(Caller caller, Io io, Opener opener) throws Exception {
        try (Io other = opener.open(IoOptions.DEFAULT)) {
            assertThat(caller.run(io, () -> io.<Boolean, Exception>within(SOON, () -> {
                other.sleep(SHORT.multipliedBy(4));
                assertThatThrownBy(() -> other.within(SOON, () -> {
                    other.sleep(LONG);
                    return "woke";
                })).isInstanceOf(TimeoutException.class);
                return other.cancelRequested();
            }))).as("late, but there").isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNotFeltByWhatIsInTime(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            for (Timeout limit : List.of(
                    Timeout.NONE,
                    Timeout.after(LONG),
                    Timeout.after(Duration.ofSeconds(Long.MAX_VALUE)),
                    Timeout.at(io.now(Clock.REAL).plus(LONG)))) {
                assertThat(io.<Integer, Exception>within(limit, () -> {
                    io.sleep(Duration.ofNanos(1));
                    return 7;
                })).isEqualTo(7);
            }
        });
    }

    /** A body that does not look returns its result, late or not; the next scope is its own. */
    @Test
    void aResultCountsThoughItIsLate(Io io) throws Exception {
        assertThat(io.<Integer, Exception>within(SOON, () -> {
            Busy.computeFor(SHORT.multipliedBy(2));
            return 7;
        })).isEqualTo(7);
        io.checkCancel();
    }

    @Test
    void throwsWhatTheBodyThrows(Io io) {
        IllegalStateException thrown = new IllegalStateException();
        assertThatThrownBy(() -> io.within(Timeout.after(LONG), () -> {
            throw thrown;
        })).isSameAs(thrown);
    }

    /** Swallowing it does not help: every point in the scope throws, and none outside. */
    @ParameterizedTest
    @EnumSource
    void staysUntilTheEndOfTheScope(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            AtomicInteger told = new AtomicInteger();
            assertThatThrownBy(() -> io.within(SOON, () -> {
                for (int i = 0; i < 3; i++) {
                    try {
                        io.sleep(LONG);
                    } catch (CanceledException swallowed) {
                        told.incrementAndGet();
                    }
                }
                io.checkCancel();
                return null;
            })).isInstanceOf(TimeoutException.class);
            assertThat(told).hasValue(3);
            io.sleep(Duration.ofNanos(1));
        });
    }

    @ParameterizedTest
    @EnumSource
    void theEarliestOfNestedScopesHolds(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            AtomicBoolean innerAnswered = new AtomicBoolean();
            assertThatThrownBy(() -> io.within(SOON, () -> {
                try {
                    return io.within(Timeout.after(LONG), () -> {
                        io.sleep(LONG);
                        return null;
                    });
                } catch (TimeoutException wrong) {
                    innerAnswered.set(true);
                    throw wrong;
                }
            })).isInstanceOf(TimeoutException.class);
            assertThat(innerAnswered).as("the inner scope had time").isFalse();

            assertThat(io.<String, Exception>within(Timeout.after(LONG), () -> {
                assertThatThrownBy(() -> io.within(SOON, () -> {
                    io.sleep(LONG);
                    return null;
                })).isInstanceOf(TimeoutException.class);
                io.sleep(Duration.ofNanos(1));
                return "goes on";
            })).isEqualTo("goes on");
        });
    }

    /** A request to stop is another answer than the end of the time. */
    @ParameterizedTest
    @EnumSource
    void aRequestToStopIsToldApart(Caller caller, Io io) throws Exception {
        Caller.Call<Object> call = caller.start(io, () -> io.within(Timeout.after(LONG), () -> {
            io.sleep(LONG);
            return "woke";
        }));
        assertThatThrownBy(call.blocked()::stop).isInstanceOf(CanceledException.class);
    }

    /** Clean-up is not hurried by the limit around it, and can have its own. */
    @ParameterizedTest
    @EnumSource
    void aProtectedRegionHasItsOwn(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            List<String> seen = new CopyOnWriteArrayList<>();
            assertThatThrownBy(() -> io.within(SOON, () -> {
                try {
                    io.sleep(LONG);
                    return null;
                } finally {
                    io.protect(() -> {
                        io.sleep(Duration.ofMillis(1));
                        return seen.add("cleaned up");
                    });
                    assertThatThrownBy(() -> io.protect(() -> io.within(SOON, () -> {
                        io.sleep(LONG);
                        return null;
                    }))).isInstanceOf(TimeoutException.class);
                }
            })).isInstanceOf(TimeoutException.class);
            assertThat(seen).containsExactly("cleaned up");
        });
    }

    @Test
    void isPassedOnToTheTaskThatIsAwaited(Io io) throws Exception {
        AtomicInteger told = new AtomicInteger();
        Task<Object, RuntimeException> task = io.concurrent(() -> sleepUntilTold(io, told));
        assertThatThrownBy(() -> io.within(SOON, task::await)).isInstanceOf(TimeoutException.class);
        try (Group<RuntimeException> group = io.group()) {
            group.concurrent(() -> sleepUntilTold(io, told));
            assertThatThrownBy(() -> io.within(SOON, () -> {
                group.await();
                return null;
            })).isInstanceOf(TimeoutException.class);
        }
        assertThat(told).hasValue(2);
    }

    /** The end of the time and the end of the wait at the same moment: one of the two, and nothing is left over. */
    @Test
    void atTheSameMomentAsTheEnd(Io io) throws Exception {
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            io.concurrent(() -> {
                for (int j = 0; j < 200; j++) {
                    try {
                        io.within(Timeout.after(Duration.ofNanos(50_000)), () -> {
                            io.sleep(Duration.ofNanos(50_000));
                            return null;
                        });
                    } catch (TimeoutException late) {
                        // As good as the other outcome.
                    }
                    assertThat(io.cancelRequested()).isFalse();
                }
                done.countDown();
                return null;
            });
        }
        done.await();
    }

    private static Object sleepUntilTold(Io io, AtomicInteger told) {
        try {
            io.sleep(LONG);
            return "woke";
        } catch (CanceledException expected) {
            told.incrementAndGet();
            throw expected;
        }
    }
}
