package dev.gyre.process;

/** What a process is told about others, as a message. */
public sealed interface Signal {
    /**
     * An exit signal, to a process that {@linkplain Self#trapExit traps} them.
     *
     * @param from who sent it: the linked process that has ended, or who asked this one to end
     * @param reason why it ended, or why this one is to end
     */
    record Exit(Pid from, ExitReason reason) implements Signal {}

    /**
     * A process that was monitored has ended.
     *
     * @param monitor what {@link Self#monitor} returned
     * @param process the process
     * @param reason why it ended; {@link ExitReason.NoProcess} if it had before it was monitored
     */
    record Down(Monitor monitor, Pid process, ExitReason reason) implements Signal {}
}
