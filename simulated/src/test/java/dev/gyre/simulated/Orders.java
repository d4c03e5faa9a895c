package dev.gyre.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Action;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Task;
import java.util.HashSet;
import java.util.Set;

/** Running small programs in every order that their operations can come in. */
final class Orders {
    static final long RUNS_MAX = 200_000;

    private Orders() {}

    /** Runs a program in every order. Returns the different results that it had. */
    static <T> Set<T> explore(Program<T> program) {
        Set<T> results = new HashSet<>();
        Exploration exploration = Simulation.explore(io -> {
            T result = program.run(io);
            results.add(result);
            return result;
        }, RUNS_MAX);
        assertThat(exploration.complete()).as("all orders within " + RUNS_MAX + " runs").isTrue();
        assertThat(exploration.runs()).isGreaterThan(1);
        return results;
    }

    /** Runs two actions beside each other, and waits for both. */
    static <X extends Exception> void both(Io io, Action<X> first, Action<X> second) throws Exception {
        try (Group<X> group = io.group()) {
            group.concurrent(first);
            group.concurrent(second);
            group.await();
        }
    }

    /** Asks a task to stop. Returns what it returned, or "canceled". */
    static <X extends Exception> String outcome(Task<String, X> task) throws X {
        try {
            return task.cancel();
        } catch (CanceledException stopped) {
            return "canceled";
        }
    }
}
