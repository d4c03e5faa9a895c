package dev.gyre.io.spi;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** In a flight recording: a task is asked to stop; the event's thread and stack trace say by whom. */
@Name("dev.gyre.TaskCancel")
@Label("Task Cancel")
@Category("Gyre")
@Description("A task was asked to stop")
final class TaskCancelEvent extends Event {
    @Label("Canceled Thread")
    @Nullable Thread canceled;

    static void record(@Nullable Thread canceled) {
        TaskCancelEvent event = new TaskCancelEvent();
        if (event.shouldCommit()) {
            event.canceled = canceled;
            event.commit();
        }
    }
}
