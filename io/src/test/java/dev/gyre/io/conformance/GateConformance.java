package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Placement;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Semaphore;
import dev.gyre.io.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reset event and semaphore. */
@Tag("T7")
abstract class GateConformance {
    @ParameterizedTest
    @EnumSource
    void setLetsAllThrough(Caller caller, Io io) throws Exception {
        ResetEvent event = io.resetEvent();
        assertThat(event.isSet()).isFalse();
        List<Caller.Call<String>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(caller.start(io, () -> {
                event.await();
                return "through";
            }).blocked());
        }
        event.set();
        for (Caller.Call<String> call : calls) {
            assertThat(call.result()).isEqualTo("through");
        }
        assertThat(event.isSet()).isTrue();
        event.set();
        event.await();
        event.awaitUncancelable();
        event.reset();
        assertThat(event.isSet()).isFalse();
        Caller.Call<String> late = caller.start(io, () -> {
            event.awaitUncancelable();
            return "through";
        }).blocked();
        event.set();
        assertThat(late.result()).isEqualTo("through");
    }

    @ParameterizedTest
    @EnumSource
    void aWaitForAnEventIsCanceled(Caller caller, Io io) throws Exception {
        ResetEvent event = io.resetEvent();
        Caller.Call<Object> call = caller.start(io, () -> {
            event.await();
            return null;
        }).blocked();
        assertThatThrownBy(call::stop).isInstanceOf(CanceledException.class);
        event.set();
        event.await();
    }

    @Test
    void anUncancelableWaitForAnEventGoesOn(Io io) throws Exception {
        ResetEvent event = io.resetEvent();
        Caller.Call<Boolean> call = Caller.TASK.start(io, () -> {
            event.awaitUncancelable();
            return io.cancelRequested();
        }).blocked();
        Caller.Call<Boolean> stopper = Caller.PLATFORM_THREAD.start(io, call::stop).blocked();
        event.set();
        assertThat(stopper.result()).as("the request waits").isTrue();
    }

    @Test
    @Tag("T3")
    void everyCancelableOperationIsAPointEvenIfItNeedNotWait(Io io) throws Exception {
        ResetEvent set = io.resetEvent();
        set.set();
        Semaphore free = io.semaphore(1);
        var mutex = io.mutex();
        var queue = io.<String>queue(1);
        List<Runnable> operations = List.of(set::await, free::acquire, mutex::lock, () -> queue.put("one"));
        for (Runnable operation : operations) {
            Task<Object, RuntimeException> task = io.concurrent(() -> {
                while (!io.cancelRequested()) {
                    Thread.yield();
                }
                operation.run();
                return null;
            });
            assertThatThrownBy(task::cancel).isInstanceOf(CanceledException.class);
        }
        assertThat(free.available()).isEqualTo(1);
        assertThat(mutex.tryLock()).isTrue();
        assertThat(queue.size()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void permitsAreTakenAndGiven(Caller caller, Io io) throws Exception {
        Semaphore semaphore = io.semaphore(2);
        assertThat(semaphore.available()).isEqualTo(2);
        semaphore.acquire();
        semaphore.acquireUncancelable();
        assertThat(semaphore.tryAcquire()).isFalse();
        Caller.Call<String> call = caller.start(io, () -> {
            semaphore.acquire();
            return "acquired";
        }).blocked();
        semaphore.release();
        assertThat(call.result()).isEqualTo("acquired");
        assertThat(semaphore.available()).as("handed over").isZero();
        semaphore.release();
        assertThat(semaphore.tryAcquire()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aCanceledAcquireHasNoPermit(Caller caller, Io io) throws Exception {
        Semaphore semaphore = io.semaphore(0);
        Caller.Call<Object> call = caller.start(io, () -> {
            semaphore.acquire();
            return null;
        }).blocked();
        assertThatThrownBy(call::stop).isInstanceOf(CanceledException.class);
        semaphore.release();
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @Test
    void aSemaphoreChecksItsArguments(Io io) {
        assertThatIllegalArgumentException().isThrownBy(() -> io.semaphore(-1)).withMessageContaining("-1");
        Semaphore full = io.semaphore(Integer.MAX_VALUE);
        assertThatIllegalStateException().isThrownBy(full::release);
    }

    @Test
    void noMoreThanPermitted(Io io) throws Exception {
        Semaphore semaphore = io.semaphore(3);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Group<RuntimeException> group = io.group()) {
            for (int i = 0; i < 20; i++) {
                group.concurrent(i % 2 == 0 ? Placement.NEAR : Placement.SPREAD, () -> {
                    for (int j = 0; j < 100; j++) {
                        semaphore.acquire();
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        io.sleep(java.time.Duration.ZERO);
                        inside.decrementAndGet();
                        semaphore.release();
                    }
                });
            }
            group.await();
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(semaphore.available()).isEqualTo(3);
    }

    /** However the race ends, there is one permit afterwards, taken or not. */
    @Test
    @Tag("T3")
    @StressRun
    void cancelAgainstReleaseLosesNoPermit(Io io) throws Exception {
        Semaphore semaphore = io.semaphore(0);
        for (int i = 0; i < Rounds.of(300); i++) {
            Task<Object, RuntimeException> taker = io.concurrent(() -> {
                semaphore.acquire();
                return null;
            });
            Task<Object, RuntimeException> giver = io.concurrent(() -> {
                semaphore.release();
                return null;
            });
            boolean taken;
            try {
                taker.cancel();
                taken = true;
            } catch (CanceledException faster) {
                taken = false;
            }
            giver.await();
            assertThat(semaphore.available()).isEqualTo(taken ? 0 : 1);
            if (!taken) {
                semaphore.acquire();
            }
        }
    }
}
