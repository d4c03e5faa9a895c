package dev.gyre.process;

import org.jspecify.annotations.Nullable;

/** Why a process has ended, or is to end. */
public sealed interface ExitReason {
    /** Its function has returned. Linked processes go on. */
    ExitReason NORMAL = new Normal();

    /** It was to end, as a part of something that ends. */
    ExitReason SHUTDOWN = new Shutdown(null);

    /** Sent as a signal, it ends every process, one that traps exits too; that one then ends for {@link #KILLED}. */
    ExitReason KILL = new Kill();

    /** It was told to end by {@link #KILL}. */
    ExitReason KILLED = new Killed();

    /** There is no such process, or it had ended before. */
    ExitReason NO_PROCESS = new NoProcess();

    /**
     * A reason of the program's own.
     *
     * @param value any
     * @return a new one
     */
    static ExitReason of(Object value) {
        return new Other(value);
    }

    /**
     * Whether a process that ends for this has not gone wrong.
     *
     * @param reason any
     * @return true for {@link Normal} and {@link Shutdown}
     */
    static boolean isOrderly(ExitReason reason) {
        return switch (reason) {
            case Normal _, Shutdown _ -> true;
            case Kill _, Killed _, NoProcess _, MailboxFull _, Failed _, Other _ -> false;
        };
    }

    /** Its function has returned. */
    record Normal() implements ExitReason {}

    /**
     * It was to end, as a part of something that ends.
     *
     * @param detail what the program wants to say about it, or null
     */
    record Shutdown(@Nullable Object detail) implements ExitReason {}

    /** What {@link ExitReason#KILL} is about. A reason like others where a process ends for it by itself. */
    record Kill() implements ExitReason {}

    /** It was told to end by a {@link Kill}. */
    record Killed() implements ExitReason {}

    /** There is no such process, or it had ended before. */
    record NoProcess() implements ExitReason {}

    /**
     * A message came when its mailbox was full, which it was to end for ({@link MailboxLimit.Overflow#EXIT}).
     *
     * @param messages how many there were, 1 or more
     */
    record MailboxFull(int messages) implements ExitReason {}

    /**
     * Its function threw something.
     *
     * @param cause what it threw
     */
    record Failed(Throwable cause) implements ExitReason {}

    /**
     * A reason of the program's own.
     *
     * @param value any
     */
    record Other(Object value) implements ExitReason {}
}
