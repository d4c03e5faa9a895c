package dev.gyre.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Action;
import dev.gyre.io.BoundedQueue;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.conformance.StackEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks whose stack is at its end: there an operation is not begun. */
@Tag("S13")
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ShortStackTest {
    /** Before the end of the stack. */
    private static final int LEVELS = 300;

    private static final Duration SHORT = Duration.ofNanos(1);

    @Test
    void theSimulationGoesOnWhereTheStackEnds() {
        assertThat(refusals(action -> StackEnd.tryNear(LEVELS, action))).isGreaterThan(10);
    }

    /** What was once left waiting needs no more stack when the thread waits again, further down. */
    @Test
    void theSimulationGoesOnWhereATaskWaitsOnTheWayDown() {
        assertThat(refusals(action -> tryOnTheWay(action, LEVELS))).isGreaterThan(10);
    }

    private static int refusals(Descent descent) {
        return Simulation.run(SimulationOptions.ofSeed(1), io -> overflow(io, descent)).value();
    }

    /** Does all that lets others run or waits for them. Answers how often there was no stack for it. */
    private static int overflow(Io io, Descent descent) throws Exception {
        BoundedQueue<Integer> there = io.queue(1);
        BoundedQueue<Integer> back = io.queue(100_000);
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger started = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        int refused = 0;
        try (Group<RuntimeException> echo = io.group();
                Group<RuntimeException> group = io.group();
                Pair pair = Pair.open(io)) {
            echo.concurrent(() -> {
                while (!over.get()) {
                    back.put(there.get());
                    io.sleep(SHORT);
                }
            });
            byte[] data = new byte[1];
            for (Action<Exception> action : List.<Action<Exception>>of(
                    () -> io.sleep(SHORT),
                    io::checkCancel,
                    () -> {
                        there.put(1);
                        sent.incrementAndGet();
                    },
                    () -> {
                        group.concurrent(ran::incrementAndGet);
                        started.incrementAndGet();
                    },
                    () -> {
                        pair.client().writeAll(data);
                        pair.server().read(data);
                    },
                    () -> io.within(dev.gyre.io.Timeout.after(SHORT), () -> 1),
                    () -> io.blocking(() -> 1))) {
                // What it needs is there before: the JDK does not load a class again whose loading broke off.
                action.run();
                refused += descent.run(action);
            }
            group.await();
            for (int i = 0; i < sent.get(); i++) {
                back.get();
            }
            over.set(true);
            echo.cancel();
        }
        assertThat(back.size()).isZero();
        assertThat(ran).hasValue(started.get());
        return refused;
    }

    private static int tryOnTheWay(Action<Exception> action, int levels) throws Exception {
        action.run();
        return levels == 0 ? StackEnd.tryNear(LEVELS, action) : tryOnTheWay(action, levels - 1);
    }

    /** How to try something with little stack; answers how often there was none for it. */
    private interface Descent {
        int run(Action<Exception> action) throws Exception;
    }
}
