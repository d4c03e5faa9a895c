package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Action;
import dev.gyre.io.BoundedQueue;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Io;
import dev.gyre.io.Mutex;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Operations with as little stack left as one likes: the virtual machine throws in the midst of whatever it is. Then
 * nothing is under way that uses the caller's memory, and nobody waits for the caller.
 */
@Tag("T20")
@Tag("T21")
abstract class StackConformance {
    private static final int SIZE = 100;
    private static final Duration SHORT = Duration.ofNanos(20_000);

    /** What memory holds that is allocated afterwards. */
    private static final byte OTHERS = 1;

    @ParameterizedTest
    @EnumSource
    void memoryIsNotWrittenAfterTheStackHasEnded(Caller caller, Io io) throws Exception {
        try (Sockets.Pair pair = Sockets.Pair.open(io)) {
            Task<?, Exception> feeder = io.concurrent(() -> {
                while (true) {
                    pair.client().writeAll(new byte[SIZE]);
                    io.sleep(SHORT);
                }
            });
            caller.run(io, () -> Descent.tryAnywhere(() -> {
                try (Arena arena = Arena.ofConfined()) {
                    pair.server().read(arena.allocate(SIZE));
                } finally {
                    requireUntouched();
                }
            }));
            stop(feeder);
        }
    }

    /** What was freed is what is allocated next, mostly; a moment later it would be written to. */
    private static void requireUntouched() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SIZE).fill(OTHERS);
            for (int i = 0; i < 100; i++) {
                Thread.onSpinWait();
            }
            for (long i = 0; i < SIZE; i++) {
                if (memory.getAtIndex(ValueLayout.JAVA_BYTE, i) != OTHERS) {
                    throw new AssertionError("memory was written to after it was freed");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyWaitsForOneWhoseStackHasEnded(Caller caller, Io io) throws Exception {
        BoundedQueue<Integer> queue = io.queue(1);
        Mutex mutex = io.mutex();
        Task<?, Exception> taker = io.concurrent(() -> {
            while (true) {
                queue.get();
            }
        });
        Task<?, Exception> holder = io.concurrent(() -> {
            while (true) {
                mutex.lock();
                try {
                    io.sleep(SHORT);
                } finally {
                    mutex.unlock();
                }
                io.sleep(SHORT);
            }
        });
        caller.run(io, () -> {
            Descent.tryAnywhere(() -> queue.put(1));
            Descent.tryAnywhere(mutex::lock, () -> {
                if (mutex.isHeld()) {
                    mutex.unlock();
                }
            });
        });

        mutex.lock();
        mutex.unlock();
        queue.put(0);
        stop(holder);
        while (queue.size() > 0) {
            io.sleep(SHORT);
        }
        stop(taker);
    }

    @ParameterizedTest
    @EnumSource
    void othersGoOnWhereTheStackHasEnded(Caller caller, Io io) throws Exception {
        AtomicInteger done = new AtomicInteger();
        caller.run(io, () -> {
            Descent.tryAnywhere(() -> io.sleep(SHORT));
            Descent.tryAnywhere(() -> {
                try (var file = io.currentDirectory().openFile("/dev/zero", OpenOptions.READ)) {
                    file.read(new byte[1], 0);
                }
            });
            Descent.tryAnywhere(() -> {
                int answer = io.blocking(() -> 1);
                done.addAndGet(answer);
            });
        });
        assertThat(done).hasPositiveValue();
    }

    private static void stop(Task<?, Exception> task) {
        assertThatThrownBy(task::cancel).isInstanceOf(CanceledException.class);
    }

    /** A recursion, and something that is tried at its end. */
    private static final class Descent {
        /** So many levels around the deepest, by so many a step, and so many all over the stack. */
        private static final int NEAR_END = 300;

        private static final int STEP = Math.max(1, 2 * NEAR_END / Rounds.of(30));
        private static final int ALL_OVER = 10;

        private Descent() {}

        static void tryAnywhere(Action<Exception> action) throws Exception {
            tryAnywhere(action, () -> {});
        }

        /**
         * Tries it with much stack and with little.
         *
         * @param afterwards done after each try, with much
         */
        static void tryAnywhere(Action<Exception> action, Action<Exception> afterwards) throws Exception {
            // What it needs is there before: the JDK does not load a class again whose loading broke off. So is what
            // the JDK's own messages are made with, because the rest of this virtual machine needs it too.
            assertThat("%d".formatted(1)).isNotEmpty();
            action.run();
            afterwards.run();
            int reach = reach();
            for (int level = 0; level < reach; level += Math.max(1, reach / ALL_OVER)) {
                tryAt(level, action);
                afterwards.run();
            }
            for (int level = Math.max(0, reach - NEAR_END); level < reach + NEAR_END; level += STEP) {
                tryAt(level, action);
                afterwards.run();
            }
        }

        private static void tryAt(int level, Action<Exception> action) throws Exception {
            try {
                descend(level, action);
            } catch (StackOverflowError end) {
                // As it may be.
            }
        }

        /** How many levels there are now: fewer, or more, when more of it is compiled. */
        private static int reach() throws Exception {
            int reach = 0;
            for (int step = 1 << 16; step > 0; step >>= 1) {
                try {
                    descend(reach + step, () -> {});
                    reach += step;
                } catch (StackOverflowError end) {
                    // Fewer, then.
                }
            }
            return reach;
        }

        private static int descend(int levels, Action<Exception> action) throws Exception {
            if (levels == 0) {
                action.run();
                return 0;
            }
            return 1 + descend(levels - 1, action);
        }
    }
}
