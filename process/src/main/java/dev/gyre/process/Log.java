package dev.gyre.process;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What nodes log. The logger is asked for when there is something: that takes long. */
final class Log {
    private static final int LIST_MAX = 10;

    private Log() {}

    static void crash(CrashReport crash) {
        @Nullable Throwable cause = crash.reason() instanceof ExitReason.Failed failed ? failed.cause() : null;
        logger().log(System.Logger.Level.ERROR, text(crash), cause);
    }

    static String text(CrashReport crash) {
        long left = crash.messages();
        return "process " + crash.process()
                + crash.name().map(name -> " '" + name + "'").orElse("")
                + " (" + crash.label() + ") has ended: " + crash.reason()
                + crash.parent().map(parent -> "; started by " + parent).orElse("")
                + (crash.links().isEmpty() ? "" : "; linked to " + list(crash.links()))
                + (left == 0 ? "" : "; " + messages(left) + (left == 1 ? " was left" : " were left"))
                + (crash.received().isEmpty() ? "" : "; received last: " + list(crash.received()));
    }

    /** How many messages, for people. */
    static String messages(long count) {
        return count + (count == 1 ? " message" : " messages");
    }

    private static String list(List<?> all) {
        return all.stream().limit(LIST_MAX).map(Object::toString).collect(Collectors.joining(", "))
                + (all.size() > LIST_MAX ? " and " + (all.size() - LIST_MAX) + " more" : "");
    }

    static void longMailbox(ControlBlock process, long messages) {
        Recording.longMailbox(process, messages);
        logger().log(
                        System.Logger.Level.WARNING,
                        "the mailbox of process {0} ({1}) has {2} messages: more come than it receives",
                        process.pid,
                        process.label(),
                        messages);
    }

    static void notClosed(Pid process, Object resource, Throwable failure) {
        logger().log(
                        System.Logger.Level.WARNING,
                        "process " + process + " has ended, and did not close " + resource,
                        failure);
    }

    private static System.Logger logger() {
        return System.getLogger("dev.gyre.process");
    }
}
