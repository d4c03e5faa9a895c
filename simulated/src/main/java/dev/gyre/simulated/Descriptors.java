package dev.gyre.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The open descriptors of a process, each with what it stands for. Any thread may call it. */
final class Descriptors {
    /** The three below are a process's standard streams. */
    private static final int FIRST = 3;

    private final TreeMap<Integer, Object> open = new TreeMap<>();

    /** What was passed and has not arrived. */
    private final List<Object> underWay = new ArrayList<>();

    /** All descriptors below it are open. */
    private int maybeFree = FIRST;

    /** Gives something the lowest descriptor that is free. */
    synchronized int add(Object target) {
        while (open.containsKey(maybeFree)) {
            maybeFree++;
        }
        open.put(maybeFree, target);
        return maybeFree;
    }

    /** What a descriptor stands for, which is open. */
    synchronized <T> T at(int number, Class<T> type) {
        Object target = open.get(number);
        if (target == null) {
            throw new AssertionError("descriptor " + number + " is not open: it was used after its end");
        }
        return type.cast(target);
    }

    synchronized void remove(int number) {
        open.remove(number);
        maybeFree = Math.min(maybeFree, number);
    }

    /** Keeps something that is on its way to another descriptor. */
    synchronized void send(Object target) {
        underWay.add(target);
    }

    /** Gives what was on its way a descriptor. */
    synchronized int arrive(Object target) {
        underWay.remove(target);
        return add(target);
    }

    /** Drops what was on its way. */
    synchronized void drop(Object target) {
        underWay.remove(target);
    }

    /** Whether nothing refers to it any more. */
    synchronized boolean isUnreferred(Object target) {
        return !underWay.contains(target) && !open.containsValue(target);
    }

    /** What is open, as people call it. */
    synchronized List<String> names() {
        return open.values().stream().map(Object::toString).toList();
    }
}
