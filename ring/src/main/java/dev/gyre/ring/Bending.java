package dev.gyre.ring;

import dev.gyre.linux.IoUring;
import java.util.ArrayList;
import java.util.List;

/** Between a loop and an {@link Injection}: what has arrived and is held back. The loop's own operations pass. */
final class Bending {
    private final Injection injection;
    private final Operation listening;
    private final List<Injection.Arrival> arrived = new ArrayList<>();

    Bending(Injection injection, Operation listening) {
        this.injection = injection;
        this.listening = listening;
    }

    boolean isEmpty() {
        return arrived.isEmpty();
    }

    int enter() {
        return injection.enter();
    }

    int taken(int pending) {
        return injection.taken(pending);
    }

    void prepared(Operation operation, Submission entry) {
        if (!passes(operation)) {
            injection.prepared(operation, entry);
        }
    }

    private boolean passes(Operation operation) {
        return operation instanceof Cancel || operation == listening;
    }

    /** Replaces what was collected by what is to be delivered. */
    void bend(CompletionList collected, boolean all) {
        List<Injection.Arrival> delivered = new ArrayList<>();
        for (int i = 0; i < collected.size(); i++) {
            int flags = collected.flags(i) | (collected.more(i) ? IoUring.IORING_CQE_F_MORE : 0);
            Injection.Arrival arrival = new Injection.Arrival(collected.operation(i), collected.result(i), flags);
            (passes(arrival.operation()) ? delivered : arrived).add(arrival);
        }
        collected.clear();
        List<Injection.Arrival> chosen = new ArrayList<>();
        injection.deliver(arrived, chosen);
        delivered.addAll(chosen);
        if (all) {
            delivered.addAll(arrived);
            arrived.clear();
        }
        for (Injection.Arrival arrival : delivered) {
            boolean more = (arrival.flags() & IoUring.IORING_CQE_F_MORE) != 0;
            collected.add(arrival.operation(), arrival.result(), arrival.flags(), more);
        }
    }
}
