package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Condition;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Mutex;
import dev.gyre.io.Placement;
import dev.gyre.io.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mutex and condition. */
@Tag("T7")
abstract class MutexConformance {
    @ParameterizedTest
    @EnumSource
    void excludesOthersUntilItIsUnlocked(Caller caller, Io io) throws Exception {
        Mutex mutex = io.mutex();
        mutex.lock();
        assertThat(mutex.isHeld()).isTrue();
        List<String> order = new ArrayList<>();
        Caller.Call<Boolean> other = caller.start(io, () -> {
            assertThat(mutex.isHeld()).isFalse();
            assertThat(mutex.tryLock()).isFalse();
            mutex.lock();
            order.add("other");
            mutex.unlock();
            return mutex.isHeld();
        });
        other.blocked();
        order.add("first");
        mutex.unlock();
        assertThat(other.result()).isFalse();
        assertThat(order).containsExactly("first", "other");
        assertThat(mutex.tryLock()).as("free again").isTrue();
        mutex.unlock();
    }

    /** A plain variable under the mutex loses no increment. */
    @Test
    void guardsWhatItGuards(Io io) throws Exception {
        Mutex mutex = io.mutex();
        int[] count = {0};
        try (Group<RuntimeException> group = io.group()) {
            for (int i = 0; i < 8; i++) {
                group.concurrent(i % 2 == 0 ? Placement.NEAR : Placement.SPREAD, () -> {
                    for (int j = 0; j < 2000; j++) {
                        mutex.lock();
                        count[0]++;
                        mutex.unlock();
                    }
                });
            }
            group.await();
        }
        assertThat(count[0]).isEqualTo(16_000);
    }

    /** Tasks of several loops, strangers, and tasks that are stopped while they wait, all at once. */
    @Test
    @Tag("T3")
    @StressRun
    void guardsAgainstEverybodyAtOnce(Io io) throws Exception {
        int rounds = Rounds.of(1000);
        Mutex mutex = io.mutex();
        int[] count = {0};
        List<Caller.Call<Integer>> calls = new ArrayList<>();
        for (Caller caller : Caller.values()) {
            for (int i = 0; i < 2; i++) {
                calls.add(caller.start(io, () -> {
                    for (int j = 0; j < rounds; j++) {
                        mutex.lock();
                        count[0]++;
                        mutex.unlock();
                    }
                    return rounds;
                }));
            }
        }
        int expected = 0;
        for (int i = 0; i < 300; i++) {
            Task<Object, RuntimeException> stopped = io.concurrent(() -> {
                mutex.lock();
                count[0]++;
                mutex.unlock();
                return null;
            });
            try {
                stopped.cancel();
                expected++;
            } catch (CanceledException faster) {
                assertThat(mutex.isHeld()).isFalse();
            }
        }
        for (Caller.Call<Integer> call : calls) {
            expected += call.result();
        }
        assertThat(count[0]).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void aCanceledLockHoldsNothing(Caller caller, Io io) throws Exception {
        Mutex mutex = io.mutex();
        mutex.lock();
        Caller.Call<Object> call = caller.<Object>start(io, () -> {
            mutex.lock();
            return "locked";
        }).blocked();
        assertThatThrownBy(call::stop).isInstanceOf(CanceledException.class);
        mutex.unlock();
        assertThat(mutex.tryLock()).as("given to nobody that has left").isTrue();
        mutex.unlock();
    }

    @Test
    void lockUncancelableWaitsOn(Io io) throws Exception {
        Mutex mutex = io.mutex();
        mutex.lock();
        Caller.Call<String> call = Caller.TASK.start(io, () -> {
            mutex.lockUncancelable();
            mutex.unlock();
            assertThatThrownBy(io::checkCancel).isInstanceOf(CanceledException.class);
            return "locked, then told";
        }).blocked();
        Caller.Call<String> stopper = Caller.PLATFORM_THREAD.start(io, call::stop).blocked();
        mutex.unlock();
        assertThat(stopper.result()).isEqualTo("locked, then told");
    }

    @Test
    @Tag("T4")
    void aProtectedLockWaitsOn(Io io) throws Exception {
        Mutex mutex = io.mutex();
        mutex.lock();
        Caller.Call<String> call = Caller.TASK.start(io, () -> io.protect(() -> {
            mutex.lock();
            mutex.unlock();
            return "locked";
        })).blocked();
        Caller.Call<String> stopper = Caller.PLATFORM_THREAD.start(io, call::stop).blocked();
        mutex.unlock();
        assertThat(stopper.result()).isEqualTo("locked");
    }

    @Test
    void refusesMisuse(Io io) {
        Mutex mutex = io.mutex();
        assertThatThrownBy(mutex::unlock).isInstanceOf(IllegalMonitorStateException.class);
        mutex.lock();
        assertThatThrownBy(mutex::lock).isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("reentrant");
        assertThat(mutex.tryLock()).isFalse();
        mutex.unlock();
        Condition condition = mutex.condition();
        assertThatThrownBy(condition::await).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::signalAll).isInstanceOf(IllegalMonitorStateException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aSignalWakesOne(Caller caller, Io io) throws Exception {
        Mutex mutex = io.mutex();
        Condition condition = mutex.condition();
        AtomicInteger woken = new AtomicInteger();
        List<Caller.Call<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(caller.start(io, () -> {
                mutex.lock();
                condition.await();
                assertThat(mutex.isHeld()).isTrue();
                woken.incrementAndGet();
                mutex.unlock();
                return null;
            }).blocked());
        }
        mutex.lock();
        condition.signal();
        assertThat(woken).as("nobody returns while the mutex is held").hasValue(0);
        mutex.unlock();
        Eventually.await("one has returned", () -> woken.get() == 1);
        mutex.lock();
        assertThat(woken).hasValue(1);
        condition.signalAll();
        mutex.unlock();
        for (Caller.Call<Object> call : calls) {
            call.result();
        }
        assertThat(woken).hasValue(3);
        mutex.lock();
        condition.signal();
        mutex.unlock();
    }

    @ParameterizedTest
    @EnumSource
    void aCanceledAwaitHoldsTheMutexAndNoSignal(Caller caller, Io io) throws Exception {
        Mutex mutex = io.mutex();
        Condition condition = mutex.condition();
        Caller.Call<Boolean> patient = caller.start(io, () -> {
            mutex.lock();
            condition.awaitUncancelable();
            mutex.unlock();
            return true;
        }).blocked();
        Caller.Call<Boolean> call = caller.start(io, () -> {
            mutex.lock();
            assertThatThrownBy(condition::await).isInstanceOf(CanceledException.class);
            boolean held = mutex.isHeld();
            mutex.unlock();
            return held;
        }).blocked();
        assertThat(call.stop()).isTrue();
        mutex.lock();
        condition.signal();
        mutex.unlock();
        assertThat(patient.result()).as("the signal went to the one that waits").isTrue();
    }

    /** However the race ends, the other one gets a signal that the canceled one did not take. */
    @Test
    @Tag("T3")
    @StressRun
    void cancelAgainstSignalLosesNoSignal(Io io) throws Exception {
        Mutex mutex = io.mutex();
        Condition condition = mutex.condition();
        int[] tickets = {0};
        for (int i = 0; i < Rounds.of(300); i++) {
            Task<Boolean, RuntimeException> first = io.concurrent(() -> takeTicket(mutex, condition, tickets));
            Task<Boolean, RuntimeException> second = io.concurrent(() -> takeTicket(mutex, condition, tickets));
            Task<Object, RuntimeException> seller = io.concurrent(() -> {
                mutex.lock();
                tickets[0]++;
                condition.signal();
                mutex.unlock();
                return null;
            });
            boolean firstHas = canceledOr(first);
            seller.await();
            if (firstHas) {
                mutex.lock();
                tickets[0]++;
                condition.signal();
                mutex.unlock();
            }
            assertThat(second.await()).isTrue();
            assertThat(tickets[0]).isZero();
        }
    }

    private static boolean takeTicket(Mutex mutex, Condition condition, int[] tickets) {
        mutex.lock();
        try {
            while (tickets[0] == 0) {
                condition.await();
            }
            tickets[0]--;
            return true;
        } finally {
            mutex.unlock();
        }
    }

    private static boolean canceledOr(Task<Boolean, RuntimeException> task) {
        try {
            return task.cancel();
        } catch (CanceledException faster) {
            return false;
        }
    }
}
