package dev.gyre.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Task;
import dev.gyre.simulated.turns.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tasks that keep the turn: because they wait for something that is not the simulation's, or because they poll. */
@Tag("S2")
final class StandstillTest {
    private static final SimulationOptions OPTIONS = SimulationOptions.ofSeed(3);

    /** For programs that cannot go on. Those that can are looked at by the test itself. */
    private static final Duration SHORT = Duration.ofMillis(200);

    @Test
    void aLockThatIsHeldAcrossAWaitIsReported() throws InterruptedException {
        Lock lock = new ReentrantLock();
        requireReport("waits in java.util.concurrent.locks.ReentrantLock.lock", held -> {
            lock.lock();
            try {
                held.run();
            } finally {
                lock.unlock();
            }
        });
    }

    @Test
    void aMonitorThatIsHeldAcrossAWaitIsReported() throws InterruptedException {
        Object monitor = new Object();
        requireReport("waits for a monitor", held -> {
            synchronized (monitor) {
                held.run();
            }
        });
    }

    @Test
    void anEntryOfAMapThatIsMadeAcrossAWaitIsReported() throws InterruptedException {
        ConcurrentMap<String, Integer> map = new ConcurrentHashMap<>();
        requireReport("waits in java.util.concurrent.ConcurrentHashMap.computeIfAbsent",
                held -> map.computeIfAbsent("key", _ -> {
                    held.run();
                    return 1;
                }));
    }

    /** However many want it: who has it is told, and then all others get it, whom no interrupt reaches. */
    private static void requireReport(String place, Consumer<Runnable> exclusion) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        AtomicInteger unwound = new AtomicInteger();
        DeadlockError error = deadlock(io -> {
            try (Group<RuntimeException> group = io.group()) {
                for (int i = 0; i < 5; i++) {
                    if (i == 1) {
                        io.sleep(Duration.ofMillis(1));
                    }
                    group.concurrent(() -> {
                        threads.add(Thread.currentThread());
                        try {
                            exclusion.accept(() -> io.sleep(Duration.ofSeconds(1)));
                        } catch (DeadlockError told) {
                            unwound.incrementAndGet();
                            throw told;
                        }
                    });
                }
                group.await();
            }
            return null;
        });
        assertThat(error).message()
                .matches("(?s)nothing has happened for PT0.2S of real time: gyre-task-[3-6] StandstillTest has the turn"
                        + " and waits for something that is not the simulation's \\(at PT0.001S, step .*")
                .contains("StandstillTest: has the turn, " + place + "\n      at dev.gyre.simulated.StandstillTest.",
                        "gyre-task-2 StandstillTest: sleep until PT1S", "gyre-task-1 main: ", "Use the Io's own");
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(unwound).hasValueGreaterThan(2).hasValue(threads.size());
    }

    @Test
    void aWaitThatNobodyEndsIsInterrupted() {
        List<String> course = new ArrayList<>();
        DeadlockError error = deadlock(io -> {
            try {
                new CountDownLatch(1).await();
                return null;
            } catch (InterruptedException told) {
                course.add("interrupted");
                throw told;
            }
        });
        assertThat(error)
                .hasMessageContaining("gyre-task-1 main has the turn")
                .hasMessageContaining("main: has the turn, waits in java.util.concurrent.CountDownLatch.await\n"
                        + "      at dev.gyre.simulated.StandstillTest.");
        assertThat(course).containsExactly("interrupted");
    }

    /** It is no task: time passes for it only when all tasks wait in the simulation. */
    @Test
    void aPlainThreadThatWaitsInTheSimulationIsNoExcuse() throws InterruptedException {
        List<String> ended = new ArrayList<>();
        Thread[] plain = new Thread[1];
        DeadlockError error = deadlock(io -> {
            plain[0] = Thread.ofVirtual().name("plain").start(() -> {
                try {
                    io.sleep(Duration.ofDays(1));
                } catch (DeadlockError told) {
                    ended.add("told");
                }
            });
            plain[0].join();
            return null;
        });
        assertThat(error)
                .hasMessageContaining("main: has the turn, waits in java.lang.Thread.join")
                .hasMessageContaining("plain#" + plain[0].threadId() + ": sleep until ");
        plain[0].join();
        assertThat(ended).containsExactly("told");
    }

    @Test
    void whatBlocksElsewhereCanWaitInVainToo() {
        DeadlockError error = deadlock(io -> io.blocking(() -> {
            new CountDownLatch(1).await();
            return null;
        }));
        assertThat(error)
                .hasMessageContaining("blocking-2 of gyre-task-1 main: has the turn, waits in java.util.conc")
                .hasMessageContaining("gyre-task-1 main: blocking\n");
    }

    /** Nobody has the turn, and no thread outside is on its way. */
    @Test
    void aThreadOutsideThatWaitsForEverIsNoExcuse() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        Thread[] outside = new Thread[1];
        DeadlockError error = deadlock(io -> {
            outside[0] = startOutside(io, () -> awaitStubbornly(over));
            return io.queue(1).get();
        });
        assertThat(error)
                .hasMessageContaining("everybody waits, and so do the threads outside of the simulation")
                .hasMessageContaining("main: get from a queue that is empty")
                .hasMessageContaining("outside of the simulation, waits in java.util.concurrent.CountDownLatch.await");
        over.countDown();
        outside[0].join();
    }

    /** Whoever waits on and on is left behind: the run ends all the same. */
    @Test
    void whatCannotBeEndedIsLeftBehind() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        List<Thread> stubborn = new ArrayList<>();
        Runnable wait = () -> {
            stubborn.add(Thread.currentThread());
            awaitStubbornly(over);
        };
        List<Program<Object>> programs = List.of(
                _ -> {
                    wait.run();
                    return "main";
                },
                io -> io.concurrent(() -> {
                    wait.run();
                    return "a task";
                }).await(),
                io -> io.blocking(() -> {
                    wait.run();
                    return "another thread";
                }));
        for (Program<Object> program : programs) {
            assertThat(deadlock(program)).hasMessageContaining("has the turn, waits in java.util.concurrent.Count");
        }
        assertThat(stubborn).hasSize(programs.size()).allMatch(Thread::isAlive);
        over.countDown();
        for (Thread thread : stubborn) {
            thread.join();
        }
    }

    /** Both would be blamed if nobody moved; but a thread that takes part runs, and may end the wait. */
    @Test
    void aThreadOutsideThatRunsMayEndTheWait() {
        assertThat(Simulation.run(OPTIONS, io -> {
            CountDownLatch ended = new CountDownLatch(1);
            Thread task = Thread.currentThread();
            Thread outside = startOutside(io, () -> {
                lookOften(io, task, Thread.State.WAITING);
                ended.countDown();
            });
            ended.await();
            outside.join();
            return "ended";
        }).value()).isEqualTo("ended");
    }

    /** It may be for something of which the simulation knows nothing, and ends by itself. */
    @Test
    void aWaitWithALimitIsNotBlamed() {
        assertThat(Simulation.run(OPTIONS, io -> {
            CountDownLatch ended = new CountDownLatch(1);
            Thread task = Thread.currentThread();
            Thread unknown = Thread.ofPlatform().start(() -> {
                lookOften(io, task, Thread.State.TIMED_WAITING);
                ended.countDown();
            });
            boolean inTime = ended.await(1, TimeUnit.DAYS);
            unknown.join();
            return inTime;
        }).value()).isTrue();
    }

    @Test
    void pollingInVainIsGoingRoundInCircles() {
        assertThatThrownBy(() -> Simulation.run(OPTIONS.withStepsMax(1000), io -> {
            while (true) {
                io.checkCancel();
            }
        })).isInstanceOf(SimulationFailure.class).cause().isInstanceOf(DeadlockError.class)
                .hasMessageContaining("it has polled 1000 times, and nobody else could run (at PT0S, step 1)")
                .hasMessageContaining("main: has the turn\n      at dev.gyre.simulated.StandstillTest.");
    }

    @Test
    void pollingForARequestThatHasComeIsGoingRoundInCircles() {
        assertThatThrownBy(() -> Simulation.run(OPTIONS.withStepsMax(1000), io -> {
            Task<Object, RuntimeException> deaf = io.concurrent(() -> {
                while (true) {
                    boolean _ = io.cancelRequested();
                }
            });
            return deaf.cancel();
        })).isInstanceOf(SimulationFailure.class).cause().isInstanceOf(DeadlockError.class)
                .hasMessageContaining("it goes round in circles")
                .hasMessageContaining("StandstillTest: has the turn\n")
                .hasMessageContaining("gyre-task-1 main: ");
    }

    /** Neither the count of steps nor the course of a program depends on it. */
    @Test
    void pollsAreNoSteps() {
        SimulationResult<Integer> none = Simulation.run(OPTIONS, _ -> 0);
        SimulationResult<Integer> many = Simulation.run(OPTIONS.withStepsMax(1000), io -> {
            for (int i = 0; i < 999; i++) {
                io.checkCancel();
            }
            return 0;
        });
        assertThat(many).isEqualTo(none);
    }

    @Test
    void pollingForAThreadOutsideIsNoCircle() {
        assertThat(Simulation.run(OPTIONS.withStepsMax(1000), io -> {
            AtomicBoolean over = new AtomicBoolean();
            Thread outside = startOutside(io, () -> {
                while (!over.get()) {
                    Thread.onSpinWait();
                }
            });
            for (int i = 0; i < 5000; i++) {
                io.checkCancel();
            }
            over.set(true);
            outside.join();
            return "ended";
        }).value()).isEqualTo("ended");
    }

    /** The end of the program is a request to stop; only whoever waits for such tasks cannot go on. */
    @Test
    void tasksThatWaitForEverEndWithTheProgram() {
        List<String> ended = new ArrayList<>();
        Simulation.run(OPTIONS, io -> {
            for (int i = 0; i < 2; i++) {
                Task<Object, RuntimeException> waiting = io.concurrent(() -> {
                    try {
                        return io.queue(1).get();
                    } finally {
                        ended.add("ended");
                    }
                });
                assertThat(waiting.isDone()).isFalse();
            }
            return null;
        });
        assertThat(ended).containsExactly("ended", "ended");
    }

    private static DeadlockError deadlock(Program<?> program) {
        SimulationFailure failure =
                catchThrowableOfType(SimulationFailure.class, () -> Simulation.run(OPTIONS, SHORT, program));
        assertThat(failure).isNotNull().cause().isInstanceOf(DeadlockError.class);
        return (DeadlockError) failure.getCause();
    }

    /** Starts a thread that is known to the simulation when this returns. */
    private static Thread startOutside(Io io, Runnable then) throws InterruptedException {
        CountDownLatch known = new CountDownLatch(1);
        Thread outside = Thread.ofPlatform().start(() -> {
            boolean _ = io.cancelRequested();
            known.countDown();
            then.run();
        });
        known.await();
        return outside;
    }

    /** More looks than are ever needed at a task that is where it waits. */
    private static void lookOften(Io io, Thread task, Thread.State state) {
        while (task.getState() != state) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 10 * Watch.LOOKS; i++) {
            assertThat(((SimulatedIo) io).world().scheduler().look(Watch.PATIENCE)).isTrue();
        }
    }

    private static void awaitStubbornly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException ignored) {
                Thread.onSpinWait();
            }
        }
    }
}
