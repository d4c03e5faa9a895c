package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clocks, and waiting for them. */
@Tag("T8")
abstract class TimeConformance {
    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void theWallClockShowsTheTimeOfDay(Io io) {
        long before = System.currentTimeMillis();
        long shown = io.now(Clock.REAL).nanoseconds() / 1_000_000;
        assertThat(shown).isBetween(before - 1, System.currentTimeMillis() + 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"AWAKE", "BOOT", "PROCESS_CPU", "THREAD_CPU"})
    void neverGoesBack(Clock clock, Io io) {
        Timestamp latest = io.now(clock);
        assertThat(latest.clock()).isEqualTo(clock);
        for (int i = 0; i < 10_000; i++) {
            Timestamp now = io.now(clock);
            assertThat(now).isGreaterThanOrEqualTo(latest);
            latest = now;
        }
    }

    @Test
    void bootTimeIsAtLeastTheTimeAwake(Io io) {
        assertThat(io.now(Clock.BOOT).nanoseconds()).isGreaterThanOrEqualTo(io.now(Clock.AWAKE).nanoseconds()
                - Duration.ofSeconds(1).toNanos());
    }

    /** A task that computes meets the limit at its next look, though nobody could wake it. */
    @Test
    @Tag("T4")
    void aLimitIsSeenByWhoeverLooks(Io io) throws Exception {
        Task<Object, Exception> task = io.concurrent(() -> io.within(Timeout.after(SHORT), () -> {
            while (true) {
                io.checkCancel();
                Busy.computeFor(Duration.ofNanos(1000));
            }
        }));
        assertThatThrownBy(task::await).isInstanceOf(TimeoutException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"PROCESS_CPU", "THREAD_CPU"})
    void processorTimeCountsWork(Clock clock, Io io) {
        Timestamp start = io.now(clock);
        Eventually.await("the caller's work shows on " + clock, () -> {
            long sum = 0;
            for (int i = 0; i < 1_000_000; i++) {
                sum += i ^ sum;
            }
            return sum != 1 && io.now(clock).since(start).compareTo(SHORT) > 0;
        });
    }

    @ParameterizedTest
    @EnumSource
    void sleepsNotLessThanTold(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            for (int i = 0; i < 5; i++) {
                Timestamp start = io.now(Clock.AWAKE);
                io.sleep(SHORT);
                assertThat(io.now(Clock.AWAKE).since(start)).isGreaterThanOrEqualTo(SHORT);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void sleepsUntilAClockShowsTheMoment(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            for (Clock clock : List.of(Clock.REAL, Clock.AWAKE, Clock.BOOT)) {
                for (int i = 0; i < 5; i++) {
                    Timestamp deadline = io.now(clock).plus(Duration.ofMillis(i));
                    io.sleepUntil(deadline);
                    assertThat(io.now(clock)).isGreaterThanOrEqualTo(deadline);
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void doesNotWaitForThePast(Caller caller, Io io) throws Exception {
        caller.run(io, () -> {
            io.sleep(Duration.ZERO);
            io.sleep(Duration.ofDays(-1));
            io.sleep(Duration.ofSeconds(Long.MIN_VALUE));
            for (Clock clock : List.of(Clock.REAL, Clock.AWAKE, Clock.BOOT)) {
                io.sleepUntil(io.now(clock));
                io.sleepUntil(new Timestamp(clock, 0));
                io.sleepUntil(new Timestamp(clock, Long.MIN_VALUE));
            }
        });
    }

    /** 292 years are longer than anybody waits: neither the sum nor the difference may wrap around. */
    @ParameterizedTest
    @EnumSource
    void waitsForTheFarFuture(Caller caller, Io io) throws Exception {
        for (Clock clock : List.of(Clock.REAL, Clock.AWAKE, Clock.BOOT)) {
            Caller.Call<Object> call = caller.start(io, () -> {
                io.sleepUntil(new Timestamp(clock, Long.MAX_VALUE));
                return "woke";
            });
            assertThatThrownBy(call.blocked()::stop).as(clock.name()).isInstanceOf(CanceledException.class);
        }
        Caller.Call<Object> call = caller.start(io, () -> {
            io.sleep(Duration.ofSeconds(Long.MAX_VALUE));
            return "woke";
        });
        assertThatThrownBy(call.blocked()::stop).isInstanceOf(CanceledException.class);
    }

    @Test
    @Tag("T3")
    void isACancellationPointEvenIfThereIsNothingToWaitFor(Io io) throws Exception {
        for (Duration duration : List.of(Duration.ZERO, Duration.ofDays(-1))) {
            CountDownLatch asked = new CountDownLatch(1);
            Task<Object, Exception> task = io.concurrent(() -> {
                while (asked.getCount() > 0 || !io.cancelRequested()) {
                    Thread.yield();
                }
                io.sleep(duration);
                return "not told";
            });
            Caller.Call<Object> stopper = Caller.PLATFORM_THREAD.start(io, task::cancel).blocked();
            asked.countDown();
            assertThatThrownBy(stopper::result).isInstanceOf(CanceledException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PROCESS_CPU", "THREAD_CPU"})
    void processorTimeCannotBeWaitedFor(Clock clock, Io io) {
        Timestamp soon = io.now(clock).plus(SHORT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> io.sleepUntil(soon)).withMessageContaining(clock.name());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Timeout.at(soon)).withMessageContaining(clock.name());
    }

    /** However they are mixed, none of many sleepers wakes too early, and all of them wake. */
    @Test
    void manySleepAtOnce(Io io, Opener opener) throws Exception {
        List<Task<Boolean, RuntimeException>> sleepers = new ArrayList<>();
        for (int i = 0; i < opener.tasksAtOnce() / 10; i++) {
            Duration duration = Duration.ofMillis((i * 37) % 100);
            sleepers.add(io.concurrent(() -> {
                Timestamp start = io.now(Clock.AWAKE);
                io.sleep(duration);
                return io.now(Clock.AWAKE).since(start).compareTo(duration) >= 0;
            }));
        }
        for (Task<Boolean, RuntimeException> sleeper : sleepers) {
            assertThat(sleeper.await()).isTrue();
        }
    }

    /** A task that computes for a while and then waits for a time gets all of that time. */
    @Test
    void aTimeBeginsWithTheSleepAndNotBefore(Io io) throws Exception {
        assertThat(io.concurrent(() -> {
            Busy.computeFor(Duration.ofMillis(50));
            Timestamp start = io.now(Clock.AWAKE);
            io.sleep(SHORT);
            return io.now(Clock.AWAKE).since(start);
        }).await()).isGreaterThanOrEqualTo(SHORT);
    }
}
