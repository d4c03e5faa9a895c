package dev.gyre.io.spi;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** In a flight recording: how long a task, or a thread that calls in, waited for what. */
@Name("dev.gyre.Wait")
@Label("Wait")
@Category("Gyre")
@Description("A task was blocked in an operation")
@StackTrace(false)
final class WaitEvent extends Event {
    @Label("Operation")
    @Nullable String operation;

    void end(Blocker blocker) {
        if (shouldCommit()) {
            operation = blocker.operation();
            commit();
        }
    }
}
