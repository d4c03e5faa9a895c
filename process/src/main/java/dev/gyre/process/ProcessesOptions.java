package dev.gyre.process;

import java.util.function.Consumer;

/**
 * How a node behaves.
 *
 * @param crashHandler is told of each process that went wrong, on that one's thread, before others are; what it throws
 *     is ignored
 * @param longMailbox at how many messages a mailbox is long, 1 or more: the log has a warning then, and another one for
 *     each as many more
 */
public record ProcessesOptions(Consumer<CrashReport> crashHandler, int longMailbox) {
    /** Crashes are logged as errors; 100,000 messages are many. */
    public static final ProcessesOptions DEFAULT = new ProcessesOptions(Log::crash, 100_000);

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
        return new ProcessesOptions(handler, longMailbox);
    }

    /**
     * The same with another length.
     *
     * @param messages 1 or more
     * @return the options
     */
    public ProcessesOptions withLongMailbox(int messages) {
        return new ProcessesOptions(crashHandler, messages);
    }
}
