package dev.gyre.io.spi;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** In a flight recording: a task has run, on the event's thread. */
@Name("dev.gyre.TaskEnd")
@Label("Task End")
@Category("Gyre")
@Description("A task returned or threw")
@StackTrace(false)
final class TaskEndEvent extends Event {
    @Label("Task")
    @Nullable String task;

    @Label("Failure")
    @Description("The class of what was thrown, if anything was")
    @Nullable String failure;

    static void record(String name, @Nullable Throwable failure) {
        TaskEndEvent event = new TaskEndEvent();
        if (event.shouldCommit()) {
            event.task = name;
            event.failure = failure == null ? null : failure.getClass().getName();
            event.commit();
        }
    }
}
