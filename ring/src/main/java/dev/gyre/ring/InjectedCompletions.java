package dev.gyre.ring;

import java.util.ArrayList;
import java.util.List;

/** Between a loop and an {@link Injection}: what has arrived and is held back. The loop's own operations pass. */
final class InjectedCompletions {
    private final Injection injection;
    private final InFlight inFlight;
    private final Operation listening;
    private final List<Injection.Arrival> arrived = new ArrayList<>();

    InjectedCompletions(Injection injection, InFlight inFlight, Operation listening) {
        this.injection = injection;
        this.inFlight = inFlight;
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
    void replace(CompletionList collected, boolean all) {
        List<Injection.Arrival> delivered = new ArrayList<>();
        for (int i = 0; i < collected.size(); i++) {
            Operation operation = inFlight.find(collected.userData(i));
            if (operation != null) { // else a message for an inbox that is closed
                Injection.Arrival arrival =
                        new Injection.Arrival(operation, collected.result(i), collected.flags(i));
                (passes(operation) ? delivered : arrived).add(arrival);
            }
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
            collected.add(inFlight.userData(arrival.operation()), arrival.result(), arrival.flags());
        }
    }
}
