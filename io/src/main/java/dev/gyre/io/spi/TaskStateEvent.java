package dev.gyre.io.spi;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
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
    /** Of as many as this is told, for each {@code Io}. */
    private static final int TASKS_MAX = 10_000;

    /** Weak, for one that is never closed. */
    private static final Set<BaseIo> OPEN = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    @Label("Task")
    @Nullable String task;

    @Label("State")
    @Nullable String state;

    /** The recorder asks whoever registered with it, and is not there before somebody records something. */
    private static final class Registration implements FlightRecorderListener {
        static {
            FlightRecorder.addListener(new Registration());
        }

        static void require() {}

        @Override
        public void recorderInitialized(FlightRecorder recorder) {
            FlightRecorder.addPeriodicEvent(TaskStateEvent.class, TaskStateEvent::tell);
        }
    }

    /** Has recordings tell of the tasks of an {@code Io}, where there is a recorder, and memory for that. */
    static void tellOf(BaseIo io) {
        try {
            Registration.require();
            OPEN.add(io);
        } catch (VirtualMachineError | LinkageError untold) {
            // It works all the same.
        }
    }

    /** The end of {@link #tellOf}. */
    static void tellNoMoreOf(BaseIo io) {
        OPEN.remove(io);
    }

    private static void tell() {
        List.copyOf(OPEN).forEach(io -> io.taskStates().limit(TASKS_MAX).forEach(TaskStateEvent::record));
    }

    private static void record(TaskState told) {
        TaskStateEvent event = new TaskStateEvent();
        event.task = told.task();
        event.state = told.state();
        event.commit();
    }
}
