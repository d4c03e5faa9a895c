package dev.gyre.ring;

import static dev.gyre.linux.IoUring.IORING_CQE_F_MORE;

import java.lang.reflect.UndeclaredThrowableException;
import org.jspecify.annotations.Nullable;

/**
 * What has completed and was not handed on yet: collected first, all that is there, and only then handed on, from a
 * list of its own. What handing on throws is kept until all has been.
 */
final class Completions {
    /** Who is told of each. */
    interface Receiver {
        void completed(long userData, int result, int flags, boolean more);
    }

    private final Ring ring;
    private final Receiver receiver;
    private CompletionList collected = new CompletionList();
    private CompletionList handedOn = new CompletionList();
    private boolean handingOn;

    /** What code that is not the loop's own has thrown. */
    private @Nullable Throwable fault;

    Completions(Ring ring, Receiver receiver) {
        this.ring = ring;
        this.receiver = receiver;
    }

    boolean isEmpty() {
        return collected.isEmpty();
    }

    /** Whether the caller is called by {@link #handOn}. */
    boolean isHandingOn() {
        return handingOn;
    }

    /** Takes from the kernel all that is there. */
    void collect() {
        int ready = ring.ready();
        int unfinished = 0;
        collected.reserve(ready);
        for (int i = 0; i < ready; i++) {
            long outcome = ring.outcome(i);
            collected.add(ring.userData(i), outcome);
            unfinished += (int) (outcome >>> 32) & IORING_CQE_F_MORE;
        }
        if (ready > 0) {
            ring.advance(ready, unfinished / IORING_CQE_F_MORE);
        }
    }

    /** Adds one that is not the kernel's. */
    void add(long userData, int result) {
        collected.add(userData, result, 0);
    }

    /** Lets a test replace what was collected. */
    void replace(InjectedCompletions injected, boolean all) {
        injected.replace(collected, all);
    }

    /**
     * Hands on what was collected.
     *
     * @return how many there were
     */
    int handOn() {
        CompletionList list = collected;
        collected = handedOn;
        handedOn = list;
        int count = list.size();
        handingOn = true;
        try {
            for (int i = 0; i < count; i++) {
                handOn(list, i);
            }
        } finally {
            handingOn = false;
            list.clear();
        }
        return count;
    }

    private void handOn(CompletionList list, int index) {
        try {
            receiver.completed(list.userData(index), list.result(index), list.flags(index), list.more(index));
        } catch (Throwable thrown) {
            keep(thrown);
        }
    }

    /** Keeps what was thrown. Does not throw: completions that follow must not be lost for it. */
    void keep(Throwable thrown) {
        if (fault == null) {
            fault = thrown;
        } else if (fault != thrown) {
            try {
                fault.addSuppressed(thrown);
            } catch (OutOfMemoryError exhausted) {
                // Then only the first is told.
            }
        }
    }

    /** Throws what was kept. */
    void throwKept() {
        Throwable kept = fault;
        if (kept == null) {
            return;
        }
        fault = null;
        if (kept instanceof Error error) {
            throw error;
        }
        throw kept instanceof RuntimeException unchecked ? unchecked : new UndeclaredThrowableException(kept);
    }
}
