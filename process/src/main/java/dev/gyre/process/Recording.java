package dev.gyre.process;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;
import org.jspecify.annotations.Nullable;

/**
 * What flight recordings are told of nodes. An event's class starts the whole recorder when it is loaded, so none is
 * touched before there is one. Where it cannot be loaded, or there is no memory for an event, nobody is told.
 */
final class Recording {
    private static final String CATEGORY = "Gyre";

    private Recording() {}

    /** Makes an event and commits it. */
    private interface Telling {
        void run();
    }

    private static void tell(Telling telling) {
        if (FlightRecorder.isInitialized()) {
            try {
                telling.run();
            } catch (VirtualMachineError | LinkageError untold) {
                // Processes go on all the same.
            }
        }
    }

    static void started(ControlBlock process) {
        tell(() -> {
            ProcessStart event = new ProcessStart();
            if (event.shouldCommit()) {
                event.process = process.pid.number();
                event.parent = process.parent == null ? 0 : process.parent.number();
                event.name = process.name().orElse(null);
                event.label = process.label();
                event.commit();
            }
        });
    }

    static void ended(ControlBlock process, ExitReason reason, boolean crashed) {
        tell(() -> {
            ProcessEnd event = new ProcessEnd();
            if (event.shouldCommit()) {
                event.process = process.pid.number();
                event.name = process.name().orElse(null);
                event.label = process.label();
                event.reason = reason.toString();
                event.crashed = crashed;
                event.received = process.received();
                event.messages = process.length();
                event.commit();
            }
        });
    }

    static void longMailbox(ControlBlock process, long messages) {
        tell(() -> {
            LongMailbox event = new LongMailbox();
            if (event.shouldCommit()) {
                event.process = process.pid.number();
                event.label = process.label();
                event.messages = messages;
                event.commit();
            }
        });
    }

    static void overflow(ControlBlock process, MailboxLimit limit) {
        tell(() -> {
            MailboxOverflow event = new MailboxOverflow();
            if (event.shouldCommit()) {
                event.process = process.pid.number();
                event.label = process.label();
                event.messages = limit.messages();
                event.overflow = limit.overflow().toString();
                event.commit();
            }
        });
    }

    static void restart(Pid supervisor, String child, ExitReason reason) {
        tell(() -> {
            ChildRestart event = new ChildRestart();
            if (event.shouldCommit()) {
                event.supervisor = supervisor.number();
                event.child = child;
                event.reason = reason.toString();
                event.commit();
            }
        });
    }

    static void opened(ProcessSocket socket) {
        tell(() -> {
            SocketOpen event = new SocketOpen();
            if (event.shouldCommit()) {
                event.process = socket.owner().pid.number();
                event.socket = socket.toString();
                event.commit();
            }
        });
    }

    static void closed(ProcessSocket socket) {
        tell(() -> {
            SocketClose event = new SocketClose();
            if (event.shouldCommit()) {
                event.process = socket.owner().pid.number();
                event.socket = socket.toString();
                event.commit();
            }
        });
    }

    /** On the process's own thread. */
    @Name("dev.gyre.ProcessStart")
    @Label("Process Start")
    @Category(CATEGORY)
    @Description("A process began to run")
    @StackTrace(false)
    static final class ProcessStart extends Event {
        @Label("Process")
        long process;

        @Label("Parent")
        @Description("The process that started it, or 0")
        long parent;

        @Label("Name")
        @Nullable String name;

        @Label("Label")
        @Description("Where its function was written")
        @Nullable String label;
    }

    /** On the process's own thread, when it has tidied up. */
    @Name("dev.gyre.ProcessEnd")
    @Label("Process End")
    @Category(CATEGORY)
    @Description("A process has ended")
    @StackTrace(false)
    static final class ProcessEnd extends Event {
        @Label("Process")
        long process;

        @Label("Name")
        @Nullable String name;

        @Label("Label")
        @Nullable String label;

        @Label("Reason")
        @Nullable String reason;

        @Label("Crashed")
        @Description("Whether it went wrong by itself")
        boolean crashed;

        @Label("Received")
        @Description("How many messages its mailbox took in")
        long received;

        @Label("Messages")
        @Description("How many were left")
        long messages;
    }

    @Name("dev.gyre.LongMailbox")
    @Label("Long Mailbox")
    @Category(CATEGORY)
    @Description("A mailbox has got longer than the node takes for granted, or as much longer again")
    @StackTrace(false)
    static final class LongMailbox extends Event {
        @Label("Process")
        long process;

        @Label("Label")
        @Nullable String label;

        @Label("Messages")
        long messages;
    }

    /** On the sender's thread; its stack says who sends too much. */
    @Name("dev.gyre.MailboxOverflow")
    @Label("Mailbox Overflow")
    @Category(CATEGORY)
    @Description("A message found no room in a bounded mailbox")
    @Throttle("100/s")
    static final class MailboxOverflow extends Event {
        @Label("Process")
        long process;

        @Label("Label")
        @Nullable String label;

        @Label("Messages")
        @Description("For how many there is room")
        long messages;

        @Label("Overflow")
        @Description("What became of the message: DROP, or EXIT with the process, or BLOCK with the sender")
        @Nullable String overflow;
    }

    @Name("dev.gyre.ChildRestart")
    @Label("Child Restart")
    @Category(CATEGORY)
    @Description("A supervisor starts a child again, or has done so too often")
    @StackTrace(false)
    static final class ChildRestart extends Event {
        @Label("Supervisor")
        long supervisor;

        @Label("Child")
        @Nullable String child;

        @Label("Reason")
        @Description("Why the child has ended")
        @Nullable String reason;
    }

    @Name("dev.gyre.SocketOpen")
    @Label("Socket Open")
    @Category(CATEGORY)
    @Description("A process has got a new socket")
    @StackTrace(false)
    static final class SocketOpen extends Event {
        @Label("Process")
        long process;

        @Label("Socket")
        @Nullable String socket;
    }

    @Name("dev.gyre.SocketClose")
    @Label("Socket Close")
    @Category(CATEGORY)
    @Description("A socket that a process owned was closed")
    @StackTrace(false)
    static final class SocketClose extends Event {
        @Label("Process")
        @Description("Its last owner")
        long process;

        @Label("Socket")
        @Nullable String socket;
    }
}
