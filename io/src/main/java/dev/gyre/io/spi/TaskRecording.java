package dev.gyre.io.spi;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/**
 * Has flight recordings tell of tasks, from when there is a recorder: its events are a class of their own, which starts
 * it when it is loaded.
 */
final class TaskRecording {
    /** Of as many as this is told, for each {@code Io}. */
    private static final int TASKS_MAX = 10_000;

    /** Weak, for one that is never closed. */
    private static final Set<BaseIo> OPEN = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private TaskRecording() {}

    /** The recorder asks whoever registered with it, and is not there before somebody records something. */
    private static final class Registration implements FlightRecorderListener {
        static {
            FlightRecorder.addListener(new Registration());
        }

        static void require() {}

        @Override
        public void recorderInitialized(FlightRecorder recorder) {
            FlightRecorder.addPeriodicEvent(TaskStateEvent.class, TaskRecording::tell);
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
}
