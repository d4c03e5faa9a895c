package dev.gyre.threaded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Task;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The names of tasks whose threads have run others before. */
final class TaskNameTest {
    @Test
    void noTwoTasksOfTheProcessHaveTheSame() throws Exception {
        IoOptions threads = IoOptions.DEFAULT.withBackend("threaded");
        Set<String> names = new HashSet<>();
        try (Io one = Io.open(threads); Io other = Io.open(threads)) {
            for (int i = 0; i < 10; i++) {
                names.add(nameOfOne(one));
                names.add(nameOfOne(other));
            }
        }
        assertThat(names).hasSize(20).allMatch(name -> name.matches("gyre-task-\\d+ TaskNameTest"));
    }

    private static String nameOfOne(Io io) throws Exception {
        Task<String, RuntimeException> task = io.concurrent(() -> Thread.currentThread().getName());
        assertThat(task.toString()).as("before and after its end").isEqualTo(task.await());
        return task.toString();
    }
}
