package dev.gyre.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.BoundedQueue;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Clock;
import dev.gyre.io.Command;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Mutex;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Stdio;
import dev.gyre.io.Task;
import dev.gyre.io.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a simulation does that other backends do not. */
@Tag("S2")
final class SimulationTest {
    @Test
    void timeJumps() {
        SimulationResult<Duration> result = Simulation.run(SimulationOptions.ofSeed(1), io -> {
            Timestamp start = io.now(Clock.REAL);
            io.sleep(Duration.ofDays(365));
            return io.now(Clock.REAL).since(start);
        });
        assertThat(result.value()).isEqualTo(Duration.ofDays(365));
        assertThat(result.elapsed()).isEqualTo(Duration.ofDays(365));
    }

    @Test
    @Tag("T24")
    void thereAreNoProcesses() {
        Command command = Command.of("ls").withDirectory("/").withOutput(Stdio.PIPE);
        IoException refused = Simulation.run(SimulationOptions.ofSeed(1), io ->
                catchThrowableOfType(IoException.class, () -> io.spawn(command))).value();
        assertThat(refused.operation()).isEqualTo(Operation.SPAWN);
        assertThat(refused.reason()).isEqualTo(Reason.UNSUPPORTED_BY_KERNEL);
    }

    @Test
    void sleepersWakeInOrderOfTheirTime() {
        List<Integer> woken = new ArrayList<>();
        Simulation.run(SimulationOptions.ofSeed(2), io -> {
            try (Group<RuntimeException> group = io.group()) {
                for (int seconds : new int[] {5, 1, 4, 2, 3}) {
                    group.concurrent(() -> {
                        io.sleep(Duration.ofSeconds(seconds));
                        woken.add(seconds);
                    });
                }
                group.await();
            }
            return null;
        });
        assertThat(woken).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void theSameSeedRunsTheSameWay() {
        Set<Long> hashes = new HashSet<>();
        Set<List<Integer>> orders = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            SimulationResult<List<Integer>> first =
                    Simulation.run(SimulationOptions.ofSeed(seed), SimulationTest::contend);
            SimulationResult<List<Integer>> second =
                    Simulation.run(SimulationOptions.ofSeed(seed), SimulationTest::contend);
            assertThat(second).isEqualTo(first);
            hashes.add(first.traceHash());
            orders.add(first.value());
        }
        assertThat(hashes).as("different seeds run in different ways").hasSizeGreaterThan(90);
        assertThat(orders).hasSizeGreaterThan(10);
    }

    @Test
    void aDeadlockIsReportedWithWhoWaitsForWhat() {
        SimulationFailure failure = catchThrowableOfType(SimulationFailure.class, () -> {
            for (long seed = 0; seed < 1000; seed++) {
                Simulation.run(SimulationOptions.ofSeed(seed), SimulationTest::lockInOppositeOrder);
            }
        });
        assertThat(failure).hasMessageContaining("-Dgyre.simulated.seed=" + failure.options().seed());
        assertThat(failure.getCause()).isInstanceOf(DeadlockError.class)
                .hasMessageContaining("gyre-task-2 SimulationTest: lock the mutex that gyre-task-3 ")
                .hasMessageContaining("gyre-task-3 SimulationTest: lock the mutex that gyre-task-2 ")
                .hasMessageContaining("SimulationTest.lockBoth");
        SimulationFailure again = catchThrowableOfType(SimulationFailure.class,
                () -> Simulation.run(failure.options(), SimulationTest::lockInOppositeOrder));
        assertThat(again.getMessage().lines().findFirst()).isEqualTo(failure.getMessage().lines().findFirst());
    }

    @Test
    void aProgramThatGoesRoundInCirclesIsEnded() {
        assertThatThrownBy(() -> Simulation.run(SimulationOptions.ofSeed(3).withStepsMax(1000), io -> {
            while (true) {
                io.sleep(Duration.ofSeconds(1));
            }
        })).isInstanceOf(SimulationFailure.class).hasStackTraceContaining("after 1000 steps");
    }

    /** Some exceptions are something special to the futures of the JDK's. */
    static List<Exception> exceptions() {
        return List.of(
                new IllegalStateException("broken"),
                new CanceledException("broken"),
                new CompletionException("broken", new IllegalStateException("inner")),
                new ExecutionException("broken", new IllegalStateException("inner")));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void aFailureIsPassedOnWithItsSeed(Exception thrown) {
        assertThatThrownBy(() -> Simulation.run(SimulationOptions.ofSeed(77), io -> {
            throw thrown;
        })).isInstanceOf(SimulationFailure.class).hasCause(thrown)
                .hasMessageContaining("broken").hasMessageContaining("-Dgyre.simulated.seed=77");
    }

    @Test
    void tasksThatStillRunAreEnded() {
        List<String> ended = new ArrayList<>();
        Simulation.run(SimulationOptions.ofSeed(4), io -> {
            Task<Object, RuntimeException> forgotten = io.concurrent(() -> {
                try {
                    io.sleep(Duration.ofDays(1));
                    return null;
                } finally {
                    ended.add("forgotten");
                }
            });
            assertThat(forgotten.isDone()).isFalse();
            return null;
        });
        assertThat(ended).containsExactly("forgotten");
    }

    @Test
    void blockingTakesNoTime() {
        SimulationResult<List<String>> result = Simulation.run(SimulationOptions.ofSeed(5), io -> {
            List<String> order = new ArrayList<>();
            Task<Object, RuntimeException> other = io.concurrent(() -> {
                io.sleep(Duration.ofNanos(1));
                order.add("other");
                return null;
            });
            io.sleep(Duration.ZERO);
            order.add(io.<Boolean, RuntimeException>blocking(() -> Thread.currentThread().isVirtual()).toString());
            other.await();
            return order;
        });
        assertThat(result.value()).containsExactly("false", "other");
        assertThat(result.elapsed()).isEqualTo(Duration.ofNanos(1));
    }

    /** What waits for the simulation within it, or is interrupted by it, does so in its turn and in virtual time. */
    @Test
    void blockingTakesPart() {
        Set<List<String>> courses = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            SimulationOptions options = SimulationOptions.ofSeed(seed);
            SimulationResult<List<String>> first = Simulation.run(options, SimulationTest::blockAndTakePart);
            assertThat(Simulation.run(options, SimulationTest::blockAndTakePart)).isEqualTo(first);
            assertThat(first.elapsed()).isEqualTo(Duration.ofDays(1));
            assertThat(first.value()).contains("interrupted").endsWith("a day");
            courses.add(first.value());
        }
        assertThat(courses).hasSizeGreaterThan(10);
    }

    @Test
    void aDeadlockWithinBlockingIsReported() {
        SimulationFailure failure = catchThrowableOfType(SimulationFailure.class,
                () -> Simulation.run(SimulationOptions.ofSeed(8), io -> io.blocking(io.queue(1)::get)));
        assertThat(failure.getCause()).isInstanceOf(DeadlockError.class)
                .hasMessageContaining("gyre-task-1 main: blocking\n")
                .hasMessageContaining("blocking-2 of gyre-task-1 main: get from a queue that is empty");
    }

    @Test
    void optionsAreChecked() {
        assertThatIllegalArgumentException().isThrownBy(() -> SimulationOptions.ofSeed(1).withStepsMax(0));
        assertThatIllegalArgumentException().isThrownBy(() -> SimulationOptions.ofSeed(1).withDiskBytesMax(-1))
                .withMessage("diskBytesMax -1 is negative");
        assertThatIllegalArgumentException().isThrownBy(() -> SimulationOptions.ofSeed(1).withChoices("1,x"))
                .withMessageContaining("1,x");
        assertThat(SimulationOptions.fromProperties().seed()).isZero();
    }

    /** Producers, consumers, a mutex and a cancellation, with an order of events that depends on every choice. */
    private static List<Integer> contend(Io io) throws Exception {
        List<Integer> order = new ArrayList<>();
        Mutex mutex = io.mutex();
        BoundedQueue<Integer> queue = io.queue(1);
        try (Group<RuntimeException> group = io.group()) {
            for (int i = 0; i < 3; i++) {
                int number = i;
                group.concurrent(() -> {
                    io.sleep(Duration.ofMillis(1));
                    queue.put(number);
                });
                group.concurrent(() -> {
                    int got = queue.get();
                    mutex.lock();
                    order.add(got);
                    mutex.unlock();
                });
            }
            Task<Object, RuntimeException> canceled = io.concurrent(() -> {
                io.sleep(Duration.ofMillis(1));
                order.add(100);
                return null;
            });
            io.sleep(Duration.ofMillis(1));
            try {
                canceled.cancel();
            } catch (CanceledException faster) {
                order.add(200);
            }
            group.await();
        }
        return order;
    }

    /** Two bodies that hand each other something, and one that is canceled in the midst of it. */
    private static List<String> blockAndTakePart(Io io) throws Exception {
        List<String> course = new ArrayList<>();
        BoundedQueue<Integer> queue = io.queue(0);
        try (Group<RuntimeException> group = io.group()) {
            Task<Object, RuntimeException> canceled = io.concurrent(() -> io.blocking(() -> {
                course.add("begun");
                try {
                    io.sleep(Duration.ofDays(2));
                    return "woke";
                } finally {
                    course.add(Thread.currentThread().isInterrupted() ? "interrupted" : "not interrupted");
                }
            }));
            group.concurrent(() -> io.blocking(() -> {
                for (int i = 0; i < 3; i++) {
                    course.add("put " + i);
                    queue.put(i);
                }
                return null;
            }));
            group.concurrent(() -> io.blocking(() -> {
                for (int i = 0; i < 3; i++) {
                    course.add("got " + queue.get());
                }
                return null;
            }));
            io.checkCancel();
            assertThatThrownBy(canceled::cancel).isInstanceOf(CanceledException.class);
            group.await();
        }
        course.add(io.<String, RuntimeException>blocking(() -> {
            io.sleep(Duration.ofDays(1));
            return "a day";
        }));
        return course;
    }

    private static Object lockInOppositeOrder(Io io) throws Exception {
        Mutex left = io.mutex();
        Mutex right = io.mutex();
        try (Group<RuntimeException> group = io.group()) {
            group.concurrent(() -> lockBoth(left, right));
            group.concurrent(() -> lockBoth(right, left));
            group.await();
        }
        return null;
    }

    private static void lockBoth(Mutex first, Mutex second) {
        first.lock();
        second.lock();
        second.unlock();
        first.unlock();
    }
}
