package dev.gyre.ring;

import dev.gyre.linux.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a loop was given and the kernel has not heard of: operations that wait for a place in the ring, requests to end
 * others, and persistent operations that wait for something else, such as a buffer.
 *
 * <p>To note something changes fields and arrays only, since fibers of the loop do so (see {@link Loop}). The ring is
 * written in {@link #moveUp}, by who makes the turn.
 */
final class Submissions {
    /** No kernel has so many. */
    static final int NO_OPCODE = 255;

    private final Ring ring;
    private final InFlight inFlight;
    private final Completions completions;
    private @Nullable InjectedCompletions injected;

    /** In no place of the ring yet. */
    private final OperationQueue unqueued = new OperationQueue();

    private final List<Operation> starved = new ArrayList<>();

    /** The user data of operations that the kernel is to be asked to end. */
    private long[] toEnd = new long[64];

    private int toEndCount;

    Submissions(Ring ring, InFlight inFlight, Completions completions) {
        this.ring = ring;
        this.inFlight = inFlight;
        this.completions = completions;
    }

    /** Lets a test see what is written. */
    void inject(InjectedCompletions newInjected) {
        injected = newInjected;
    }

    /** Whether nothing waits for a place in the ring. */
    boolean isEmpty() {
        return unqueued.isEmpty();
    }

    /** How many requests wait to be made. */
    int requests() {
        return toEndCount;
    }

    /** Whether there is something for the ring. */
    boolean hasWork() {
        return !unqueued.isEmpty() || toEndCount > 0 || starved.stream().anyMatch(Operation::fed);
    }

    /** Gives an operation its slot, and forgets what was wanted of it before. */
    @Undivided
    void admit(Operation operation) {
        inFlight.add(operation);
        operation.canceled = false;
    }

    /** Notes an operation, by itself. */
    @Undivided
    void add(Operation operation) {
        admit(operation);
        untie(operation);
        unqueued.add(operation);
    }

    void add(Chain chain) {
        chain.members().forEach(this::admit);
        chain.tie();
        chain.members().forEach(unqueued::add);
    }

    /** Once more, for one that has its slot. It is on its own then: what followed it in a chain has begun already. */
    void addAgain(Operation operation) {
        untie(operation);
        unqueued.add(operation);
    }

    /** The same, when it {@linkplain Operation#fed() can go on}. */
    void addStarved(Operation operation) {
        untie(operation);
        starved.add(operation);
    }

    private static void untie(Operation operation) {
        operation.chain = null;
        operation.linkFlags = 0;
    }

    /** Notes that an operation is to end. */
    @Undivided
    void end(Operation operation) {
        if (operation.queued) {
            // The kernel has never heard of it. It keeps its place, and is answered when its turn comes.
            Chain chain = operation.chain;
            if (chain != null) {
                chain.cancel();
            }
        } else if (starved.remove(operation)) {
            answerCanceled(operation);
        } else {
            request(operation.userData);
        }
        operation.canceled = true;
    }

    private void request(long target) {
        if (toEndCount == toEnd.length) {
            toEnd = Arrays.copyOf(toEnd, 2 * toEndCount);
        }
        toEnd[toEndCount++] = target;
    }

    /** Lets what waits into the ring, in order, as far as there is room. */
    void moveUp() {
        addCancels();
        while (!unqueued.isEmpty()) {
            Operation first = unqueued.first();
            if (first.canceled) { // with the whole of its chain
                answerCanceled(first);
            } else if (!prepare(first)) {
                return;
            }
            unqueued.removeFirst();
        }
    }

    /** Lets those wait for room that were starved and are not any more. */
    void feed() {
        if (starved.isEmpty()) {
            return;
        }
        for (Operation operation : List.copyOf(starved)) {
            if (operation.fed()) {
                starved.remove(operation);
                unqueued.add(operation);
            }
        }
    }

    /**
     * Where memory is short, the kernel takes a part of what is pending, and takes that for the end of a chain as well.
     * The rest would begin beside it, and a limit of time would have nothing to limit; so the chain is canceled.
     */
    void endCutChain() {
        Operation next = inFlight.find(ring.pendingUserData());
        if (next == null || next.chain == null || next.chain.startsWith(next)) {
            return;
        }
        Chain chain = next.chain;
        int taken = chain.members().indexOf(next);
        ring.withdraw(chain.length() - taken);
        chain.members().subList(taken, chain.length()).forEach(this::answerCanceled);
        for (Operation begun : chain.members().subList(0, taken)) {
            if (begun.isInFlight() && !begun.canceled) {
                end(begun);
            }
        }
    }

    /** Asks the kernel to end operations. What there is no memory to ask for is asked for in the next turn. */
    private void addCancels() {
        try {
            while (toEndCount > 0) {
                long target = toEnd[toEndCount - 1];
                if (inFlight.find(target) != null) {
                    add(new Cancel(target, this::cancelAnswered));
                }
                toEndCount--;
            }
        } catch (OutOfMemoryError exhausted) {
            // Nothing else has to wait for it.
        }
    }

    /**
     * The kernel answers that there is no such operation also while that is on its way between two states, for
     * instance from a poll to a worker; and a worker that is told to stop may not have begun to wait. So the request is
     * repeated until the operation has ended.
     */
    private void cancelAnswered(Operation answered) {
        Cancel cancel = (Cancel) answered;
        if (inFlight.find(cancel.target()) != null && cancel.result() != 0) {
            try {
                add(new Timeout(cancel.nextPause(), pause -> add(cancel)));
            } catch (OutOfMemoryError exhausted) {
                request(cancel.target());
            }
        }
    }

    /** What the kernel will not hear of, or has not taken. */
    private void answerCanceled(Operation operation) {
        completions.add(inFlight.userData(operation), -Errno.ECANCELED.code());
    }

    /** Fills a place of the ring in, where there is room. */
    private boolean prepare(Operation operation) {
        Chain chain = operation.chain;
        if (chain != null && chain.startsWith(operation) && ring.room() < chain.length()) {
            return false;
        }
        Submission entry = ring.claim();
        if (entry == null) {
            return false;
        }
        fill(entry, operation);
        int flags = operation.entryFlags | operation.linkFlags;
        if (flags != 0) {
            entry.addFlags(flags);
        }
        if (injected != null) {
            injected.prepared(operation, entry);
        }
        operation.userData = inFlight.userData(operation);
        entry.userData(operation.userData);
        return true;
    }

    /** What cannot be filled in keeps its place, for the sake of its chain, as something that the kernel refuses. */
    private void fill(Submission entry, Operation operation) {
        try {
            operation.prepare(entry);
        } catch (Throwable thrown) {
            completions.keep(thrown);
            entry.operation(NO_OPCODE, -1);
        }
    }
}
