package dev.gyre.cli.proxy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Which target is the next connection's. */
final class Targets {
    private final List<Target> all;
    private final Balance balance;
    private final AtomicInteger next = new AtomicInteger();

    Targets(List<Target> all, Balance balance) {
        this.all = List.copyOf(all);
        this.balance = balance;
    }

    List<Target> all() {
        return all;
    }

    /** In which order to try them: those that are down last. */
    List<Target> order(long nowNanos) {
        if (all.size() == 1) {
            return all;
        }
        int start = Math.floorMod(next.getAndIncrement(), all.size());
        List<Target> offered = new ArrayList<>(all.size());
        List<Target> down = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Target target = all.get((start + i) % all.size());
            (target.isOffered(nowNanos) ? offered : down).add(target);
        }
        if (balance == Balance.LEAST_CONNECTIONS) {
            offered.sort(Comparator.comparingInt(Target::active));
        }
        offered.addAll(down);
        return offered;
    }
}
