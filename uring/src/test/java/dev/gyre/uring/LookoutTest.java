package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.ring.Loop;
import dev.gyre.ring.RingException;
import dev.gyre.ring.RingOptions;
import org.junit.jupiter.api.Test;

final class LookoutTest {
    private static final long SHORT = 5_000;
    private static final long LONG = 500_000;

    private final LoopQueue queue = new LoopQueue();
    private final Lookout lookout = new Lookout(queue);

    private void learn(int times, long idle, boolean called) {
        for (int i = 0; i < times; i++) {
            lookout.learn(idle, called);
        }
    }

    @Test
    void looksOutOnceOthersHaveAnsweredQuicklyForAWhile() {
        learn(7, SHORT, true);
        assertThat(lookout.pays()).isFalse();
        learn(1, SHORT, true);
        assertThat(lookout.pays()).isTrue();
    }

    @Test
    void stopsWhenOneInTwoIsInVain() {
        learn(1000, SHORT, true);
        for (int i = 0; i < 20; i++) {
            learn(1, LONG, true);
            learn(1, SHORT, true);
        }
        assertThat(lookout.pays()).isFalse();
    }

    @Test
    void completionsOfTheKernelSayNothing() {
        learn(1000, SHORT, false);
        assertThat(lookout.pays()).isFalse();
        learn(8, SHORT, true);
        learn(1000, SHORT, false);
        assertThat(lookout.pays()).isTrue();
    }

    @Test
    void seesWhatComesAndOtherwiseGivesUp() throws RingException {
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            learn(8, SHORT, true);
            loop.turn(0); // its own beginning is work
            assertThat(lookout.look(loop, System.nanoTime(), Long.MAX_VALUE)).isFalse();
            assertThat(lookout.spentNanos()).isPositive();
            queue.add(() -> {});
            long spent = lookout.spentNanos();
            assertThat(lookout.look(loop, System.nanoTime(), Long.MAX_VALUE)).isTrue();
            assertThat(lookout.spentNanos()).isEqualTo(spent);
        }
    }

    @Test
    void looksForNothingBefore() throws RingException {
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            queue.add(() -> {});
            assertThat(lookout.look(loop, System.nanoTime(), Long.MAX_VALUE)).isFalse();
        }
    }
}
