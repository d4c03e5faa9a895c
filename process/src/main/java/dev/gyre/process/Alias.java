package dev.gyre.process;

import java.util.Objects;

/**
 * Another address of a process, which it can give up: what is sent to it afterwards is lost. For replies that may come
 * too late.
 */
public final class Alias implements Recipient, Reference {
    private final long number;
    private final Pid process;

    /** The latest message that the mailbox had before. */
    final long since;

    private volatile boolean active = true;

    Alias(long number, Pid process, long since) {
        this.number = number;
        this.process = process;
        this.since = since;
    }

    @Override
    public void send(Object message) {
        Objects.requireNonNull(message);
        if (active) {
            process.send(message);
        }
    }

    boolean belongsTo(Pid candidate) {
        return process == candidate;
    }

    /** Takes no further message; false if it did not before. */
    boolean deactivate() {
        boolean before = active;
        active = false;
        return before;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public String toString() {
        return "alias " + number + " of " + process;
    }
}
