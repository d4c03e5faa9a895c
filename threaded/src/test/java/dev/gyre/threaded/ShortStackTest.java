package dev.gyre.threaded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Action;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.conformance.StackEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks whose stack is at its end: what others share with them stays whole, the timer of all limits, the pools. */
@Tag("T21")
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ShortStackTest {
    /** Before the end of the stack. */
    private static final int LEVELS = 500;

    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void othersGoOn() throws Exception {
        AtomicInteger started = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("threaded"));
                Group<RuntimeException> group = io.group()) {
            for (Action<Exception> action : List.<Action<Exception>>of(
                    () -> io.within(dev.gyre.io.Timeout.after(LONG), () -> 1),
                    () -> io.blocking(() -> 1),
                    () -> {
                        group.concurrent(ran::incrementAndGet);
                        started.incrementAndGet();
                    })) {
                // What it needs is there before: the JDK does not load a class again whose loading broke off.
                action.run();
                int refused = 0;
                for (int i = 0; i < 10; i++) {
                    refused += io.concurrent(() -> StackEnd.tryNear(LEVELS, action)).await();
                }
                assertThat(refused).as("the ends of the stack that were met").isPositive();
                assertThat(io.<Integer, RuntimeException>blocking(() -> 1)).isEqualTo(1);
                assertThatThrownBy(() -> io.within(dev.gyre.io.Timeout.after(Duration.ofMillis(1)), () -> {
                    io.sleep(LONG);
                    return "woke";
                })).isInstanceOf(TimeoutException.class);
            }
            group.await();
        }
        assertThat(ran).hasValue(started.get());
    }
}
