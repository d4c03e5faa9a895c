package dev.gyre.uring;

import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** In a flight recording: a loop does not come round. */
@Name("dev.gyre.Stall")
@Label("Stall")
@Category("Gyre")
@Description("A loop was busy with one turn for too long")
@StackTrace(false)
final class StallEvent extends Event {
    @Label("Loop")
    @Nullable Thread loop;

    @Label("Culprit")
    @Description("The thread that the loop carried when it was looked at")
    @Nullable Thread culprit;

    @Label("At Least")
    @Timespan(Timespan.NANOSECONDS)
    long atLeast;

    @Label("Stack")
    @Description("Where the culprit was")
    @Nullable String stack;

    static void record(Thread loop, Thread culprit, Duration atLeast, String stack) {
        StallEvent event = new StallEvent();
        if (event.shouldCommit()) {
            event.loop = loop;
            event.culprit = culprit;
            event.atLeast = atLeast.toNanos();
            event.stack = stack;
            event.commit();
        }
    }
}
