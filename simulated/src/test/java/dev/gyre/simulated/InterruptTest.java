package dev.gyre.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Mutex;
import dev.gyre.io.ResetEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Interrupts that tasks send to each other's threads: they arrive when the seed says so, not when the machine does. */
@Tag("S2")
final class InterruptTest {
    private static final int ROUNDS = 200;

    /** However long the interrupted thread takes to notice, and whatever else the machine does. */
    @Test
    void theSameSeedRunsTheSameWay() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            busy.add(Thread.ofPlatform().daemon().start(() -> {
                while (!over.get()) {
                    Thread.onSpinWait();
                }
            }));
        }
        try {
            Set<List<String>> courses = new HashSet<>();
            for (long seed = 0; seed < 5; seed++) {
                SimulationOptions options = SimulationOptions.ofSeed(seed);
                SimulationResult<List<String>> first =
                        Simulation.run(options, io -> interruptEachOther(io, false));
                courses.add(first.value());
                for (int i = 0; i < ROUNDS; i++) {
                    boolean noticed = i % 2 == 0;
                    assertThat(Simulation.run(options, io -> interruptEachOther(io, noticed))).isEqualTo(first);
                }
            }
            assertThat(courses).as("different seeds run in different ways").hasSizeGreaterThan(1);
        } finally {
            over.set(true);
            for (Thread thread : busy) {
                thread.join();
            }
        }
    }

    /**
     * Three wait, each in another way, and three interrupt one of them each and go on with something else.
     *
     * @param noticed whether those go on only after the thread has taken note of the interrupt
     */
    private static List<String> interruptEachOther(Io io, boolean noticed) throws Exception {
        List<String> course = new ArrayList<>();
        Mutex mutex = io.mutex();
        ResetEvent never = io.resetEvent();
        try (Group<RuntimeException> group = io.group()) {
            for (int i = 0; i < 3; i++) {
                int number = i;
                ResetEvent ready = io.resetEvent();
                Thread[] victim = new Thread[1];
                group.concurrent(() -> {
                    victim[0] = Thread.currentThread();
                    ready.set();
                    try {
                        switch (number) {
                            case 0 -> never.await();
                            case 1 -> io.sleep(Duration.ofDays(1));
                            default -> io.queue(1).get();
                        }
                    } catch (CanceledException interrupted) {
                        course.add("interrupted " + number);
                    }
                });
                group.concurrent(() -> {
                    ready.await();
                    io.sleep(Duration.ofMillis(1));
                    victim[0].interrupt();
                    while (noticed && victim[0].isInterrupted()) {
                        Thread.yield();
                    }
                    for (int j = 0; j < 5; j++) {
                        mutex.lock();
                        course.add(number + "." + j);
                        mutex.unlock();
                    }
                });
            }
            group.await();
        }
        return course;
    }
}
