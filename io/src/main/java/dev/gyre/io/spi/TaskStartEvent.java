package dev.gyre.io.spi;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** In a flight recording: a task begins, on the event's thread. */
@Name("dev.gyre.TaskStart")
@Label("Task Start")
@Category("Gyre")
@Description("A task began to run its body")
@StackTrace(false)
final class TaskStartEvent extends Event {
    @Label("Task")
    @Nullable String task;

    static void record(String name) {
        TaskStartEvent event = new TaskStartEvent();
        if (event.shouldCommit()) {
            event.task = name;
            event.commit();
        }
    }
}
