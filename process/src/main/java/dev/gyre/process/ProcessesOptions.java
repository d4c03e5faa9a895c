package dev.gyre.process;

import java.util.function.Consumer;

/**
 * How a node behaves.
 *
 * @param crashHandler is told of each process that went wrong, on that one's thread, before others are; what it throws
 *     is ignored
 * @param longMailbox at how many messages a mailbox is long, 1 or more: the log has a warning then, and another one for
 *     each as many more
 * @param keepsMessages whether each process refers to the last messages that it has received, for the report of a
 *     crash. They stay in memory until others come, and their text is in the log
 */
public record ProcessesOptions(Consumer<CrashReport> crashHandler, int longMailbox, boolean keepsMessages) {
    /** Crashes are logged as errors, with the last messages; 100,000 messages are many. */
    public static final ProcessesOptions DEFAULT = new ProcessesOptions(Log::crash, 100_000, true);

    /** Refuses a length below 1. */
    public ProcessesOptions {
        if (longMailbox < 1) {
            throw new IllegalArgumentException("longMailbox " + longMailbox + " is not positive");
        }
    }

    /**
     * The same with another handler of crashes.
     *
     * @param handler is told of each process that went wrong
     * @return the options
     */
    public ProcessesOptions withCrashHandler(Consumer<CrashReport> handler) {
        return new ProcessesOptions(handler, longMailbox, keepsMessages);
    }

    /**
     * The same with another length.
     *
     * @param messages 1 or more
     * @return the options
     */
    public ProcessesOptions withLongMailbox(int messages) {
        return new ProcessesOptions(crashHandler, messages, keepsMessages);
    }

    /**
     * The same for messages that are large, or nobody's business: processes keep none, and reports show none.
     *
     * @return the options
     */
    public ProcessesOptions withoutMessages() {
        return new ProcessesOptions(crashHandler, longMailbox, false);
    }
}
