package dev.gyre.process;

import java.util.List;
import java.util.Optional;

/**
 * A process at a moment. For people: the parts are read one after the other, while it runs.
 *
 * @param process the process
 * @param name under which it is registered, if it is
 * @param label where its function was written
 * @param state what it does
 * @param messages how many are in its mailbox
 * @param received how many its mailbox has ever taken in; those that came since it last looked are missing
 * @param dropped how many messages found no room in its mailbox, which is bounded then
 * @param trapsExits whether exit signals are messages to it
 * @param links the processes that it is linked to
 * @param monitors the processes that it monitors
 * @param monitoredBy the processes that monitor it
 * @param timers how many messages will be sent to it by {@link Processes#sendAfter}
 * @param sockets how many {@linkplain ProcessSocket sockets} it owns
 */
public record ProcessInfo(
        Pid process,
        Optional<String> name,
        String label,
        State state,
        long messages,
        long received,
        long dropped,
        boolean trapsExits,
        List<Pid> links,
        List<Pid> monitors,
        List<Pid> monitoredBy,
        int timers,
        int sockets) {
    /** What a process does. */
    public enum State {
        /** It runs, or waits for something else than messages. */
        RUNNING,
        /** It waits for a message. */
        WAITING,
        /** It was told to end, and has not yet. */
        EXITING
    }
}
