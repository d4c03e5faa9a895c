package dev.gyre.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("P9")
final class DescriptorTest {
    private static final int FD = 7;

    @Test
    void anIdleDescriptorIsClosedByWhoeverCloses() {
        Descriptor descriptor = new Descriptor(FD);
        assertThat(descriptor.beginClose()).isTrue();
        assertThat(descriptor.acquire()).isFalse();
        assertThat(descriptor.beginClose()).isFalse();
        assertThat(descriptor.number()).isEqualTo(FD);
        assertThat(descriptor.release()).isTrue();
        assertThat(descriptor.take()).isEqualTo(FD);
        assertThat(descriptor).hasToString("fd 7, closed");
    }

    @Test
    void aUsedDescriptorIsClosedByItsLastUser() {
        Descriptor descriptor = new Descriptor(FD);
        assertThat(descriptor.acquire()).isTrue();
        assertThat(descriptor.isShared()).isFalse();
        assertThat(descriptor.beginClose()).isTrue();
        assertThat(descriptor.isShared()).isTrue();
        assertThat(descriptor).hasToString("fd 7, held by 2, closing");
        assertThat(descriptor.isClosing()).isTrue();
        assertThat(descriptor.release()).isFalse();
        assertThat(descriptor.number()).isEqualTo(FD);
        assertThat(descriptor.release()).isTrue();
        assertThat(descriptor.take()).isEqualTo(FD);
    }

    @Test
    void anOpenDescriptorIsNotClosedByItsLastUser() {
        Descriptor descriptor = new Descriptor(FD);
        assertThat(descriptor.acquire()).isTrue();
        assertThat(descriptor.release()).isFalse();
        assertThat(descriptor.acquire()).isTrue();
    }

    @Test
    void mistakesAreAssertions() {
        Descriptor descriptor = new Descriptor(FD);
        assertThatThrownBy(descriptor::number).isInstanceOf(AssertionError.class).hasMessageContaining("fd 7");
        assertThatThrownBy(descriptor::release).isInstanceOf(AssertionError.class);
        assertThatThrownBy(descriptor::take).isInstanceOf(AssertionError.class);
        assertThat(descriptor).as("mistakes change nothing").hasToString("fd 7, held by 0");
        descriptor.beginClose();
        assertThatThrownBy(descriptor::take).isInstanceOf(AssertionError.class);
        assertThat(descriptor.release()).isTrue();
        descriptor.take();
        assertThatThrownBy(descriptor::take).isInstanceOf(AssertionError.class);
        assertThatThrownBy(descriptor::release).isInstanceOf(AssertionError.class);
        assertThatThrownBy(descriptor::number).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> new Descriptor(-1)).isInstanceOf(AssertionError.class);
    }

    /** Every order in which two users and two closers can take their steps, each of which is atomic. */
    @Test
    void exactlyOneClosesInEveryInterleaving() {
        int[] schedules = {0};
        interleave(new ArrayList<>(), new int[] {2, 2, 2, 2}, schedule -> {
            Descriptor descriptor = new Descriptor(FD);
            Actor[] actors = {
                new Actor(descriptor, false), new Actor(descriptor, false),
                new Actor(descriptor, true), new Actor(descriptor, true)
            };
            int closes = 0;
            for (int actor : schedule) {
                closes += actors[actor].step() ? 1 : 0;
            }
            assertThat(closes).as("closes with schedule %s", schedule).isEqualTo(1);
            assertThat(descriptor).hasToString("fd 7, closed");
            schedules[0]++;
        });
        assertThat(schedules[0]).isEqualTo(2520);
    }

    @Test
    void exactlyOneClosesUnderContention() throws Exception {
        int rounds = 100_000;
        int threads = 3;
        Descriptor[] descriptors = new Descriptor[rounds];
        AtomicInteger[] closes = new AtomicInteger[rounds];
        for (int i = 0; i < rounds; i++) {
            descriptors[i] = new Descriptor(i);
            closes[i] = new AtomicInteger();
        }
        CyclicBarrier start = new CyclicBarrier(threads);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(pool.submit(() -> {
                    start.await();
                    for (int i = 0; i < rounds; i++) {
                        use(descriptors[i], closes[i]);
                        if (descriptors[i].beginClose()) {
                            release(descriptors[i], closes[i]);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        for (int i = 0; i < rounds; i++) {
            assertThat(closes[i]).hasValue(1);
        }
    }

    private static void use(Descriptor descriptor, AtomicInteger closes) {
        if (descriptor.acquire()) {
            assertThat(closes.get()).as("closes while it is held").isZero();
            release(descriptor, closes);
        }
    }

    private static void release(Descriptor descriptor, AtomicInteger closes) {
        if (descriptor.release()) {
            descriptor.take();
            closes.incrementAndGet();
        }
    }

    private interface Run {
        void with(List<Integer> schedule);
    }

    private static void interleave(List<Integer> prefix, int[] left, Run run) {
        boolean done = true;
        for (int actor = 0; actor < left.length; actor++) {
            if (left[actor] > 0) {
                done = false;
                left[actor]--;
                prefix.add(actor);
                interleave(prefix, left, run);
                prefix.removeLast();
                left[actor]++;
            }
        }
        if (done) {
            run.with(prefix);
        }
    }

    /** One that takes hold, in its first step, and lets go, in its second. */
    private static final class Actor {
        private final Descriptor descriptor;
        private final boolean closer;
        private boolean first = true;
        private boolean holds;

        Actor(Descriptor descriptor, boolean closer) {
            this.descriptor = descriptor;
            this.closer = closer;
        }

        /** Returns whether this step closed the descriptor. */
        boolean step() {
            if (first) {
                first = false;
                holds = closer ? descriptor.beginClose() : descriptor.acquire();
                return false;
            }
            if (!holds) {
                return false;
            }
            assertThat(descriptor.number()).isEqualTo(FD);
            return descriptor.release() && descriptor.take() == FD;
        }
    }
}
