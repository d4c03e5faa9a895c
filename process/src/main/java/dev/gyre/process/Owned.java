package dev.gyre.process;

import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.Interruption;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What a process closes at its end, the latest first, and what it does before. Most processes have no such thing. */
final class Owned {
    private final ArrayDeque<AutoCloseable> resources = new ArrayDeque<>(2);

    /** Done while all is open. */
    private @Nullable AutoCloseable atEnd;

    /** What a {@link ExitReason.Kill} ends, while the process tidies up. */
    private volatile @Nullable Interruption cleanUp;

    void add(AutoCloseable resource) {
        resources.push(resource);
    }

    boolean remove(AutoCloseable resource) {
        return resources.removeFirstOccurrence(resource);
    }

    /** From any thread, to which it is old news. */
    int size() {
        return resources.size();
    }

    void atEnd(AutoCloseable action) {
        atEnd = action;
    }

    /** The end of the process, which calls this, protected; and again, if there was no memory. */
    void close(ControlBlock process, Fiber fiber, boolean killedAtFirst) {
        try (Interruption scope = Interruption.begin(fiber)) {
            cleanUp = scope;
            if (process.isKilled() && !killedAtFirst) {
                scope.interrupt();
            }
            AutoCloseable first = atEnd;
            atEnd = null;
            if (first != null && !process.isKilled()) {
                close(process.pid, first);
            }
            for (AutoCloseable next = resources.poll(); next != null; next = resources.poll()) {
                close(process.pid, next);
            }
        } finally {
            cleanUp = null;
        }
    }

    /** Ends what the process waits for meanwhile. From any thread. */
    void interrupt() {
        Interruption ended = cleanUp;
        if (ended != null) {
            ended.interrupt();
        }
    }

    static void close(Pid process, AutoCloseable resource) {
        try {
            resource.close();
        } catch (Throwable failure) {
            say(process, resource, failure);
        }
    }

    /** Says that something was not closed, if that can be said. */
    static void say(Pid process, Object resource, Throwable failure) {
        try {
            Log.notClosed(process, resource, failure);
        } catch (Throwable untold) {
            // Others are to be closed all the same.
        }
    }
}
