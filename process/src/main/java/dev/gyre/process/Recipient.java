package dev.gyre.process;

/** Where messages are sent to: a process, or an alias of one. */
public sealed interface Recipient permits Pid, Alias {
    /**
     * Sends a message, which is put at the end of the mailbox. Where there is no process any more, nothing happens.
     * Messages, and signals, of one thread arrive in the order in which they were sent.
     *
     * <p>Any thread may call this. It does not wait, unless the mailbox is bounded and blocks its senders
     * ({@link MailboxLimit.Overflow#BLOCK}); only then it is a cancellation point.
     *
     * @param message not null, and nothing that anybody changes later
     * @throws dev.gyre.io.CanceledException if the caller waits for room and is to stop; the message is not sent
     * @throws IllegalStateException if the caller would wait for room in its own mailbox
     */
    void send(Object message);
}
