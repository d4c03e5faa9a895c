package dev.gyre.process;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who a process is, to all others. It goes on to be that when the process has ended, and keeps nothing of it.
 *
 * <p>Pids are equal if they are the same, and ordered as their processes were spawned.
 */
public final class Pid implements Recipient, Comparable<Pid> {
    private final long number;
    private volatile @Nullable ControlBlock block;

    Pid(long number) {
        this.number = number;
    }

    @Override
    public void send(Object message) {
        Objects.requireNonNull(message);
        ControlBlock target = block;
        if (target != null) {
            target.send(message);
        }
    }

    /**
     * Whether the process runs and has not been told to end. From any thread.
     *
     * @return false for good, once it is
     */
    public boolean isAlive() {
        ControlBlock target = block;
        return target != null && !target.isExiting();
    }

    long number() {
        return number;
    }

    /** The process, or null if it has ended. */
    @Nullable ControlBlock block() {
        return block;
    }

    void setBlock(@Nullable ControlBlock newBlock) {
        block = newBlock;
    }

    @Override
    public int compareTo(Pid other) {
        return Long.compare(number, other.number);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    /** For instance {@code <12>}. */
    @Override
    public String toString() {
        return "<" + number + ">";
    }
}
