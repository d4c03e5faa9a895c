package dev.gyre.io.spi;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * In a flight recording, at its beginning and its end: what each task does. A recording can be started from outside, so
 * this is how to ask a program that does not go on.
 */
@Name("dev.gyre.TaskState")
@Label("Task State")
@Category("Gyre")
@Description("What a task does, or a thread that waits in an operation")
@StackTrace(false)
@Period("everyChunk")
final class TaskStateEvent extends Event {
    @Label("Task")
    @Nullable String task;

    @Label("State")
    @Nullable String state;

    static void record(TaskState told) {
        TaskStateEvent event = new TaskStateEvent();
        event.task = told.task();
        event.state = told.state();
        event.commit();
    }
}
