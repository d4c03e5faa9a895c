package dev.gyre.process;

/**
 * How many messages a mailbox holds, and what becomes of one more. Signals, and what timers send, come in all the same
 * and do not count.
 *
 * @param messages 1 or more
 * @param overflow what happens when there are as many
 */
public record MailboxLimit(int messages, Overflow overflow) {
    /** What becomes of a message for which there is no room. */
    public enum Overflow {
        /** It is lost, and counted ({@link ProcessInfo#dropped()}). */
        DROP,
        /** Its sender waits until there is room, in the order of arrival. */
        BLOCK,
        /** The process ends for {@link ExitReason.MailboxFull}, be it that it traps exits; the message is lost. */
        EXIT
    }

    /** Refuses a limit below 1. */
    public MailboxLimit {
        if (messages < 1) {
            throw new IllegalArgumentException("mailbox limit " + messages + " is not positive");
        }
    }
}
