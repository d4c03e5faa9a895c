package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Mutex;
import dev.gyre.io.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What flight recordings and thread dumps show of tasks. */
abstract class RecordingConformance {
    @Test
    void threadsAreNamedAfterWhereTheirTaskWasWritten(Io io) throws Exception {
        assertThat(io.concurrent(() -> Thread.currentThread().getName()).await())
                .startsWith("gyre-task").endsWith(" RecordingConformance");
        AtomicReference<String> name = new AtomicReference<>();
        try (Group<RuntimeException> group = io.group()) {
            group.concurrent(() -> name.set(Thread.currentThread().getName()));
            group.await();
        }
        assertThat(name.get()).startsWith("gyre-task").endsWith(" RecordingConformance");
    }

    @Test
    void taskKeepsItsNameWhenItsThreadGoesOnWithoutIt(Io io) throws Exception {
        Task<Thread, RuntimeException> task = io.concurrent(Thread::currentThread);
        String name = task.toString();
        Thread thread = task.await();
        while (thread.isAlive() && thread.getName().endsWith(" RecordingConformance")) {
            Thread.yield();
        }

        assertThat(task.toString()).matches("gyre-task.* RecordingConformance(#\\d+)?").isEqualTo(name);
    }

    /** By its thread's name, with the thread's number where every task has a thread of its own. */
    @Test
    void everyTaskHasANameOfItsOwnThatADumpOfThreadsShows(Io io) throws Exception {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            Task<List<String>, RuntimeException> task = io.concurrent(() -> {
                Thread thread = Thread.currentThread();
                return List.of(thread.getName(), thread.getName() + "#" + thread.threadId());
            });
            assertThat(task.await()).contains(task.toString());
            names.add(task.toString());
        }
        assertThat(names).hasSize(10);
    }

    @Test
    void tasksAndTheirWaitsAreRecorded(Io io, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("tasks.jfr");
        try (Recording recording = new Recording()) {
            for (String event : List.of("TaskStart", "TaskEnd", "TaskCancel", "Wait")) {
                recording.enable("dev.gyre." + event).withThreshold(Duration.ZERO);
            }
            recording.start();
            Mutex mutex = io.mutex();
            mutex.lock();
            Caller.Call<Object> locking = Caller.TASK.start(io, () -> {
                mutex.lock();
                mutex.unlock();
                throw new IllegalStateException();
            }).blocked();
            mutex.unlock();
            assertThatThrownBy(locking::result).isInstanceOf(IllegalStateException.class);
            CompletableFuture<Thread> sleeper = new CompletableFuture<>();
            Task<Object, RuntimeException> canceled = io.concurrent(() -> {
                sleeper.complete(Thread.currentThread());
                io.sleep(Duration.ofHours(1));
                return null;
            });
            Blocked.await(sleeper.join());
            assertThatThrownBy(canceled::cancel).isInstanceOf(CanceledException.class);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(named(events, "dev.gyre.TaskStart")).extracting(event -> event.getString("task"))
                .contains("RecordingConformance");
        assertThat(named(events, "dev.gyre.TaskEnd")).extracting(event -> event.getString("failure"))
                .contains(IllegalStateException.class.getName(), CanceledException.class.getName());
        assertThat(named(events, "dev.gyre.TaskCancel"))
                .anyMatch(event -> event.getThread("canceled").getJavaName().startsWith("gyre-task"));
        assertThat(named(events, "dev.gyre.Wait")).extracting(event -> event.getString("operation"))
                .contains("lock");
    }

    /** A recording that is started from outside, when nothing goes on, tells who waits for whom. */
    @Test
    void recordingTellsWhatTasksWaitFor(Io io, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("waits.jfr");
        Mutex mutex = io.mutex();
        Task<Object, RuntimeException> holder = io.concurrent(() -> {
            mutex.lock();
            io.sleep(Duration.ofHours(1));
            return null;
        });
        Eventually.await("one holds the lock", () -> io.describeTasks().contains("waits: sleep"));
        Task<Object, RuntimeException> other = io.concurrent(() -> {
            mutex.lock();
            return null;
        });
        Eventually.await("another waits for it", () -> io.describeTasks().contains("waits: lock"));
        try (Recording recording = new Recording()) {
            recording.start();
            recording.stop();
            recording.dump(file);
        }
        assertThat(named(RecordingFile.readAllEvents(file), "dev.gyre.TaskState"))
                .extracting(event -> event.getString("task") + " " + event.getString("state"))
                .contains(other + " waits: lock the mutex that " + holder + " holds")
                .anyMatch(told -> told.startsWith(holder + " waits: sleep"));
        assertThatThrownBy(other::cancel).isInstanceOf(CanceledException.class);
        assertThatThrownBy(holder::cancel).isInstanceOf(CanceledException.class);
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
    }
}
