package dev.gyre.simulated.kernel;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The open descriptors of a process, each with what it stands for. Any thread may call it. */
public final class Descriptors {
    /** The three below are a process's standard streams. */
    private static final int FIRST = 3;

    private final References references;
    private final TreeMap<Integer, Object> open = new TreeMap<>();

    /** All descriptors below it are open. */
    private int maybeFree = FIRST;

    /** Whether the process has ended. */
    private boolean ended;

    /** None, in a machine with these. */
    public Descriptors(References references) {
        this.references = references;
    }

    /** Gives something the lowest descriptor that is free. */
    public synchronized int add(Object target) {
        references.add(target);
        return put(target);
    }

    /** Something is on its way to a descriptor. */
    public void keep(Object target) {
        references.add(target);
    }

    /** Gives what was on its way a descriptor. */
    public synchronized int arrive(Object target) {
        return put(target);
    }

    private int put(Object target) {
        while (open.containsKey(maybeFree)) {
            maybeFree++;
        }
        open.put(maybeFree, target);
        return maybeFree;
    }

    /** What a descriptor stands for, which is open. */
    public synchronized <T> T at(int number, Class<T> type) {
        Object target = open.get(number);
        if (target == null) {
            throw new AssertionError("descriptor " + number + " is not open: it was used after its end");
        }
        return type.cast(target);
    }

    /** Takes a descriptor away. What it stood for, if nothing refers to that any more. */
    public synchronized @Nullable Object remove(int number) {
        Object target = open.remove(number);
        if (target == null) {
            if (ended) {
                return null;
            }
            throw new AssertionError("descriptor " + number + " is not open: it was closed twice");
        }
        maybeFree = Math.min(maybeFree, number);
        return references.remove(target) ? target : null;
    }

    /** The process has ended. Those that are still open; to close one of them once more is no fault from now on. */
    public synchronized List<Integer> end() {
        ended = true;
        return List.copyOf(open.keySet());
    }

    /** What is open, as people call it. */
    public synchronized List<String> names() {
        return open.values().stream().map(Object::toString).toList();
    }
}
