package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting for one of several tasks; and limits that change. */
@Tag("T5")
abstract class SelectConformance {
    @ParameterizedTest
    @EnumSource
    void answersWhichHasEnded(Caller caller, Io io) throws Exception {
        List<ResetEvent> events = List.of(io.resetEvent(), io.resetEvent(), io.resetEvent());
        List<Task<Integer, RuntimeException>> tasks =
                List.of(waiting(io, events, 0), waiting(io, events, 1), waiting(io, events, 2));
        Caller.Call<Integer> call = caller.start(io, () -> io.select(tasks)).blocked();
        events.get(1).set();
        assertThat(call.result()).isEqualTo(1);
        assertThat(io.select(tasks)).as("again").isEqualTo(1);
        events.get(0).set();
        assertThat(tasks.get(0).await()).isZero();
        assertThat(io.select(tasks)).as("the first of several").isZero();
        events.get(2).set();
        assertThat(tasks.get(2).await()).isEqualTo(2);
    }

    @Test
    void aTaskThatFailedHasEnded(Io io) throws Exception {
        Task<Object, RuntimeException> failing = io.concurrent(() -> {
            throw new IllegalStateException("failed");
        });
        assertThat(io.select(List.of(failing))).isZero();
        assertThatIllegalStateException().isThrownBy(failing::await).withMessage("failed");
    }

    @ParameterizedTest
    @EnumSource
    void aCanceledSelectLeavesTheTasksAlone(Caller caller, Io io) throws Exception {
        List<ResetEvent> events = List.of(io.resetEvent(), io.resetEvent());
        List<Task<Integer, RuntimeException>> tasks = List.of(waiting(io, events, 0), waiting(io, events, 1));
        Caller.Call<Integer> call = caller.start(io, () -> io.select(tasks)).blocked();
        assertThatThrownBy(call::stop).isInstanceOf(CanceledException.class);
        assertThat(tasks).noneMatch(Task::isDone);
        events.forEach(ResetEvent::set);
        assertThat(tasks.get(0).await()).as("it was not canceled").isZero();
        assertThat(tasks.get(1).await()).isEqualTo(1);
    }

    @Test
    void refusesWhatItCannotWaitFor(Io io, Opener opener) throws Exception {
        assertThatIllegalArgumentException().isThrownBy(() -> io.select(List.of()));
        try (Io other = opener.open(IoOptions.DEFAULT)) {
            Task<Integer, RuntimeException> foreign = other.concurrent(() -> 1);
            assertThatIllegalArgumentException().isThrownBy(() -> io.select(List.of(foreign)));
            foreign.await();
        }
    }

    /** However the race ends: an index and a request that waits, or the request. */
    @Test
    @Tag("T3")
    @StressRun
    void cancelAgainstTheEndOfATask(Io io) throws Exception {
        for (int i = 0; i < Rounds.of(300); i++) {
            ResetEvent event = io.resetEvent();
            Task<Object, RuntimeException> ending = io.concurrent(() -> {
                event.await();
                return null;
            });
            Task<Integer, RuntimeException> selecting = io.concurrent(() -> {
                int index = io.select(List.of(ending));
                return io.cancelRequested() ? 10 + index : index;
            });
            Task<Object, RuntimeException> setter = io.concurrent(() -> {
                event.set();
                return null;
            });
            try {
                assertThat(selecting.cancel()).isIn(0, 10);
            } catch (CanceledException faster) {
                ending.await();
            }
            ending.await();
            setter.await();
        }
    }

    @Test
    @Tag("T1")
    void concurrentLimitIsSetWhileRunning(Opener opener) throws Exception {
        try (Io io = opener.open(IoOptions.DEFAULT.withConcurrentLimit(1))) {
            ResetEvent event = io.resetEvent();
            List<ResetEvent> events = List.of(event);
            Task<Integer, RuntimeException> first = waiting(io, events, 0);
            assertThatThrownBy(() -> waiting(io, events, 0)).isInstanceOf(ConcurrencyUnavailable.class);
            io.setConcurrentLimit(2);
            Task<Integer, RuntimeException> second = waiting(io, events, 0);
            io.setConcurrentLimit(0);
            assertThatThrownBy(() -> waiting(io, events, 0))
                    .isInstanceOf(ConcurrencyUnavailable.class).hasMessageContaining("limit of 0");
            event.set();
            assertThat(first.await() + second.await()).as("those that ran were left alone").isZero();
            assertThatIllegalArgumentException().isThrownBy(() -> io.setConcurrentLimit(-1));
        }
    }

    private static Task<Integer, RuntimeException> waiting(Io io, List<ResetEvent> events, int index)
            throws ConcurrencyUnavailable {
        return io.concurrent(() -> {
            events.get(index).await();
            return index;
        });
    }
}
