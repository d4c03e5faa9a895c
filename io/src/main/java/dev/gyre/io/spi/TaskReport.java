package dev.gyre.io.spi;

import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What tasks are doing, for people. */
final class TaskReport {
    private TaskReport() {}

    /** One line for each member of some groups. */
    static String of(Collection<BaseGroup<?>> groups) {
        return groups.stream()
                .flatMap(group -> group.members().stream())
                .map(TaskReport::line)
                .collect(Collectors.joining("\n"));
    }

    private static String line(BaseTask<?, ?> task) {
        Fiber fiber = task.fiber();
        if (fiber == null) {
            return task + " runs as a part of its caller";
        }
        Blocker blocker = fiber.waitsFor();
        String asked = fiber.isCancelRequested() ? ", and was asked to stop" : "";
        return task + (blocker == null ? " runs" + outside(fiber.thread()) : " waits: " + blocker) + asked;
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
