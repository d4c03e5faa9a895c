package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RunQueueTest {
    @Test
    void isFirstInFirstOutWhereverItGrows() {
        Random random = new Random(1);
        RunQueue queue = new RunQueue();
        ArrayDeque<Runnable> model = new ArrayDeque<>();
        for (int i = 0; i < 100_000; i++) {
            // More are added than taken for a while, and then the other way round.
            if (random.nextInt(100) < (i / 1000 % 2 == 0 ? 60 : 40)) {
                Runnable piece = new Piece();
                queue.add(piece);
                model.add(piece);
            } else {
                assertThat(queue.poll()).isSameAs(model.poll());
            }
            assertThat(queue.size()).isEqualTo(model.size());
        }
        List<Runnable> left = new ArrayList<>();
        queue.drainTo(left::add);
        assertThat(left).containsExactlyElementsOf(model);
        assertThat(queue.isEmpty()).isTrue();
    }

    private static final class Piece implements Runnable {
        @Override
        public void run() {
            throw new AssertionError("is only carried about");
        }
    }
}
