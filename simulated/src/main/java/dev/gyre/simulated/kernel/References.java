package dev.gyre.simulated.kernel;

import java.util.IdentityHashMap;

/**
 * How often a machine's processes refer to what is open: by a descriptor, or by one that is on its way to another
 * process. Any thread may call it.
 */
public final class References {
    private final IdentityHashMap<Object, Integer> counts = new IdentityHashMap<>();

    synchronized void add(Object target) {
        counts.merge(target, 1, Integer::sum);
    }

    /** One refers to it no more. Whether that was the last. */
    public synchronized boolean remove(Object target) {
        return counts.computeIfPresent(target, (_, count) -> count == 1 ? null : count - 1) == null;
    }
}
