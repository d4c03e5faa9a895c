package dev.gyre.process;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * What a process has to do with others, in the order in which it came about: the pids that it is linked to, the
 * monitors that it has and those on it, its groups, timers that will send to it, and those who wait for its end or an
 * answer. Most processes have none, and then this does not exist.
 *
 * <p>Its lock decides between those who end a relation and the process that ends. Whoever has it takes no other lock,
 * and waits for nothing; except that a link is made and taken away with the locks of both.
 */
final class Relations {
    /** Those of a process that has ended. */
    static final Relations ENDED = new Relations();

    static {
        ENDED.ended = true;
    }

    private Set<Object> members = LinkedHashSet.newLinkedHashSet(3);
    private boolean ended;

    /** Adds something; false if the process has ended. */
    synchronized boolean add(Object member) {
        return !ended && members.add(member);
    }

    /** Adds something and then does something, before anybody else can look, unless it is there or it has ended. */
    synchronized void add(Object member, Runnable then) {
        if (add(member)) {
            then.run();
        }
    }

    /** Takes something out; false if it is not there, or not any more. */
    synchronized boolean remove(Object member) {
        return members.remove(member);
    }

    /** Takes something out and then does something, before anybody else can look; false if it is not there. */
    synchronized boolean remove(Object member, Runnable then) {
        boolean removed = members.remove(member);
        if (removed) {
            then.run();
        }
        return removed;
    }

    /** Does something that does not wait, unless the process has ended. */
    synchronized boolean whileAlive(BooleanSupplier action) {
        return !ended && action.getAsBoolean();
    }

    /** Those of this moment. */
    synchronized List<Object> members() {
        return List.copyOf(members);
    }

    /** Takes all out, for good, before anybody else can look: who finds them gone finds no name and no group either. */
    synchronized Collection<Object> end(ControlBlock process) {
        ended = true;
        Collection<Object> all = members;
        members = Collections.emptySet();
        for (int attempt = 1; !givesBack(process, all) && attempt < Ending.ATTEMPTS; attempt++) {
            Thread.onSpinWait();
        }
        return all;
    }

    /** False if there is no memory for it now. */
    private static boolean givesBack(ControlBlock process, Collection<Object> all) {
        try {
            process.giveBack(all);
            return true;
        } catch (OutOfMemoryError shortage) {
            return false;
        }
    }

    /** Takes the link between two processes away, with both locks, so that both or neither has it. */
    static void unlink(ControlBlock one, ControlBlock other) {
        boolean inOrder = one.pid.compareTo(other.pid) < 0;
        Relations outer = (inOrder ? one : other).relations();
        Relations inner = (inOrder ? other : one).relations();
        synchronized (outer) {
            synchronized (inner) {
                one.relations().members.remove(other.pid);
                other.relations().members.remove(one.pid);
            }
        }
    }

    /** Links two processes; false if one has ended. Those that link each other take the locks in the same order. */
    static boolean link(ControlBlock one, ControlBlock other) {
        boolean inOrder = one.pid.compareTo(other.pid) < 0;
        Relations outer = (inOrder ? one : other).relations();
        Relations inner = (inOrder ? other : one).relations();
        synchronized (outer) {
            synchronized (inner) {
                if (outer.ended || inner.ended) {
                    return false;
                }
                one.relations().members.add(other.pid);
                other.relations().members.add(one.pid);
                return true;
            }
        }
    }
}
