package dev.gyre.process;

/** One process's watch over another: it is told when that one has ended, once. */
public final class Monitor implements Reference {
    private final long number;
    private final ControlBlock watcher;
    private final Pid process;

    /** The latest message that the watcher's mailbox had before. */
    final long since;

    Monitor(long number, ControlBlock watcher, Pid process, long since) {
        this.number = number;
        this.watcher = watcher;
        this.process = process;
        this.since = since;
    }

    /**
     * The process that is watched.
     *
     * @return it may have ended
     */
    public Pid process() {
        return process;
    }

    ControlBlock watcher() {
        return watcher;
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
        return "monitor " + number + " of " + process;
    }
}
