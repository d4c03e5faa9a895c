package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/**
 * What a task, or a foreign thread that waits, is doing at a moment. For people.
 *
 * @param task its name, by which others that wait for it name it too
 * @param state what it does
 */
record TaskState(String task, String state) {
    static TaskState of(BaseTask<?, ?> task) {
        Fiber fiber = task.fiber();
        return new TaskState(task.toString(), fiber == null ? "runs as a part of its caller" : state(fiber));
    }

    static TaskState ofForeign(Fiber fiber) {
        return new TaskState(fiber.toString(), "(no task) " + state(fiber));
    }

    @Override
    public String toString() {
        return task + " " + state;
    }

    private static String state(Fiber fiber) {
        Blocker blocker = fiber.waitsFor();
        String asked = fiber.isCancelRequested() ? ", and was asked to stop" : "";
        return (blocker == null ? "runs" + outside(fiber.thread()) : "waits: " + blocker) + asked;
    }

    /** A task may wait for something that is not Gyre's. */
    private static String outside(@Nullable Thread thread) {
        if (thread == null) {
            return "";
        }
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED -> ", or waits for something of the JDK's";
            case NEW -> " soon";
            case RUNNABLE, TERMINATED -> "";
        };
    }
}
