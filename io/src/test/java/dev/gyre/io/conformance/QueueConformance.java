package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.BoundedQueue;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Placement;
import dev.gyre.io.QueueClosedException;
import dev.gyre.io.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bounded queues. */
@Tag("T7")
abstract class QueueConformance {
    @ParameterizedTest
    @EnumSource
    void storesInOrderUpToItsCapacity(Caller caller, Io io) throws Exception {
        BoundedQueue<Integer> queue = io.queue(2);
        assertThat(queue.capacity()).isEqualTo(2);
        queue.put(1);
        queue.put(2);
        assertThat(queue.size()).isEqualTo(2);
        Caller.Call<Object> call = caller.start(io, () -> {
            queue.put(3);
            return null;
        }).blocked();
        assertThat(queue.get()).isEqualTo(1);
        call.result();
        assertThat(queue.get()).isEqualTo(2);
        assertThat(queue.get()).isEqualTo(3);
        assertThat(queue.size()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void getWaitsForAnElement(Caller caller, Io io) throws Exception {
        for (int capacity : new int[] {0, 1, 5}) {
            BoundedQueue<String> queue = io.queue(capacity);
            Caller.Call<String> call = caller.start(io, queue::get).blocked();
            queue.put("it");
            assertThat(call.result()).isEqualTo("it");
            assertThat(queue.size()).isZero();
        }
    }

    @Test
    void capacityZeroHandsOver(Io io) throws Exception {
        BoundedQueue<String> queue = io.queue(0);
        assertThat(queue.put(List.of("nobody takes it"), 0)).isZero();
        Caller.Call<Object> putter = Caller.TASK.start(io, () -> {
            queue.put("it");
            return null;
        }).blocked();
        assertThat(queue.size()).isZero();
        assertThat(queue.get()).isEqualTo("it");
        putter.result();
    }

    @Test
    void manyAreMovedAtOnce(Io io) throws Exception {
        BoundedQueue<Integer> queue = io.queue(3);
        assertThat(queue.put(List.of(1, 2, 3, 4, 5), 0)).as("what fits").isEqualTo(3);
        assertThat(queue.put(List.of(4), 0)).isZero();
        assertThat(queue.put(List.of(), 0)).isZero();
        Caller.Call<Integer> putter = Caller.TASK.start(io, () -> queue.put(List.of(4, 5, 6), 2)).blocked();
        List<Integer> got = new ArrayList<>();
        assertThat(queue.get(got, 1, 10)).isGreaterThanOrEqualTo(3);
        assertThat(putter.result()).isEqualTo(3);
        while (got.size() < 6) {
            queue.get(got, 1, 10);
        }
        assertThat(got).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(queue.get(got, 0, 1)).isZero();
        Caller.Call<Integer> getter = Caller.TASK.start(io, () -> queue.get(got, 2, 4)).blocked();
        queue.put(7);
        getter.blocked();
        queue.put(8);
        assertThat(getter.result()).isEqualTo(2);
        assertThat(got).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void checksItsArguments(Io io) {
        assertThatIllegalArgumentException().isThrownBy(() -> io.queue(-1)).withMessageContaining("-1");
        BoundedQueue<Integer> queue = io.queue(1);
        List<Integer> into = new ArrayList<>();
        assertThatIllegalArgumentException().isThrownBy(() -> queue.put(List.of(1), 2));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.put(List.of(1), -1));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.get(into, 2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.get(into, -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.get(into, 0, 0));
        assertThatThrownBy(() -> queue.put((Integer) null)).isInstanceOf(NullPointerException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aCanceledPutPutsNothing(Caller caller, Io io) throws Exception {
        BoundedQueue<String> queue = io.queue(1);
        queue.put("first");
        Caller.Call<Object> call = caller.start(io, () -> {
            queue.put("second");
            return null;
        }).blocked();
        assertThatThrownBy(call::stop).isInstanceOf(CanceledException.class);
        assertThat(queue.get()).isEqualTo("first");
        assertThat(queue.size()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aCanceledGetTakesNothing(Caller caller, Io io) throws Exception {
        BoundedQueue<String> queue = io.queue(1);
        Caller.Call<String> call = caller.start(io, queue::get).blocked();
        assertThatThrownBy(call::stop).isInstanceOf(CanceledException.class);
        queue.put("still there");
        assertThat(queue.get()).isEqualTo("still there");
    }

    @ParameterizedTest
    @EnumSource
    void whatWasMovedBeforeTheCancelCounts(Caller caller, Io io) throws Exception {
        BoundedQueue<Integer> queue = io.queue(0);
        List<Integer> got = new ArrayList<>();
        Caller.Call<Integer> getter = caller.start(io, () -> {
            int count = queue.get(got, 3, 3);
            assertThatThrownBy(io::checkCancel).as("the request waited").isInstanceOf(CanceledException.class);
            return count;
        }).blocked();
        queue.put(1);
        assertThat(getter.blocked().stop()).isEqualTo(1);
        assertThat(got).containsExactly(1);
        Caller.Call<Integer> putter = caller.start(io, () -> queue.put(List.of(2, 3), 2)).blocked();
        assertThat(queue.get()).isEqualTo(2);
        assertThat(putter.blocked().stop()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void closeTellsThoseThatWait(Caller caller, Io io) throws Exception {
        BoundedQueue<Integer> empty = io.queue(1);
        Caller.Call<Integer> getter = caller.start(io, empty::get).blocked();
        empty.close();
        assertThatThrownBy(getter::result).isInstanceOf(QueueClosedException.class);
        BoundedQueue<Integer> full = io.queue(1);
        full.put(1);
        Caller.Call<Object> putter = caller.start(io, () -> {
            full.put(2);
            return null;
        }).blocked();
        Caller.Call<Integer> half = caller.start(io, () -> full.put(List.of(3, 4), 2)).blocked();
        full.close();
        full.close();
        assertThat(full.isClosed()).isTrue();
        assertThatThrownBy(putter::result).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(half::result).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(() -> full.put(5)).isInstanceOf(QueueClosedException.class);
        assertThat(full.get()).as("what was stored can be taken").isEqualTo(1);
        assertThatThrownBy(full::get).isInstanceOf(QueueClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void everyElementArrivesOnce(int capacity, Io io) throws Exception {
        int producers = 4;
        int each = 1000;
        BoundedQueue<Integer> queue = io.queue(capacity);
        AtomicLong sum = new AtomicLong();
        try (Group<RuntimeException> producing = io.group(); Group<RuntimeException> consuming = io.group()) {
            for (int i = 0; i < 3; i++) {
                int batch = i + 1;
                consuming.concurrent(Placement.SPREAD, () -> {
                    List<Integer> got = new ArrayList<>();
                    try {
                        while (true) {
                            got.clear();
                            queue.get(got, 1, batch);
                            got.forEach(sum::addAndGet);
                        }
                    } catch (QueueClosedException end) {
                        return;
                    }
                });
            }
            for (int i = 0; i < producers; i++) {
                producing.concurrent(Placement.SPREAD, () -> {
                    for (int j = 1; j <= each; j += 2) {
                        queue.put(j);
                        queue.put(List.of(j + 1), 1);
                    }
                });
            }
            producing.await();
            queue.close();
            consuming.await();
        }
        assertThat(sum).hasValue(producers * (each * (each + 1L) / 2));
    }

    /** However the race ends: the element is with the getter, or still to be had. */
    @Test
    @Tag("T3")
    @StressRun
    void cancelAgainstPutLosesNoElement(Io io) throws Exception {
        for (int capacity = 0; capacity <= 1; capacity++) {
            BoundedQueue<Integer> queue = io.queue(capacity);
            for (int i = 0; i < Rounds.of(300); i++) {
                int number = i;
                Task<Integer, RuntimeException> getter = io.concurrent(queue::get);
                Task<Object, RuntimeException> putter = io.concurrent(() -> {
                    queue.put(number);
                    return null;
                });
                int got;
                try {
                    got = getter.cancel();
                } catch (CanceledException faster) {
                    got = queue.get();
                }
                putter.await();
                assertThat(got).isEqualTo(number);
                assertThat(queue.size()).isZero();
            }
        }
    }
}
