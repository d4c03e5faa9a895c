package dev.gyre.uring;

import dev.gyre.ring.Undivided;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What other threads have for a loop's thread, which may sleep, or may have ended.
 *
 * <p>A list of what was added, the newest first, whose head changes atomically; the owner takes all of it at once and
 * turns it round. So whoever adds waits for nobody, and nobody waits for one who was switched out while he added: not
 * the other threads, and not the owner.
 *
 * <p>The owner says that it will sleep before it looks for the last time, and others add before they look whether it
 * does. So one of the two sees the other, and the system call that wakes the owner is only made where it is needed. In
 * the same way, either the owner sees what was added before its end, or whoever added it sees the end.
 */
final class LoopQueue {
    private static final VarHandle NEWEST;

    static {
        try {
            NEWEST = MethodHandles.lookup()
                    .findVarHandle(LoopQueue.class, "newest", Entry.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final class Entry {
        final Runnable task;
        @Nullable Entry next;

        Entry(Runnable task) {
            this.task = task;
        }
    }

    @SuppressWarnings("unused") // through NEWEST
    private volatile @Nullable Entry newest;

    /** What the owner has taken and not yet returned, the oldest first. */
    private @Nullable Entry taken;

    private volatile boolean asleep;
    private volatile boolean closed;

    /**
     * Adds something, from any thread.
     *
     * @return whether the owner sleeps, and is to be woken by the caller
     */
    @Undivided
    boolean add(Runnable task) {
        Entry entry = new Entry(task);
        Entry before;
        do {
            before = newest;
            entry.next = before;
        } while (!NEWEST.compareAndSet(this, before, entry));
        if (!asleep) {
            return false;
        }
        asleep = false;
        return true;
    }

    /** Whether something is here while the owner sleeps, and nobody is about to wake it. From any thread. */
    boolean isForgotten() {
        return asleep && newest != null;
    }

    /** Says that the owner was not woken after all. */
    void isStillAsleep() {
        asleep = true;
    }

    /** The oldest, or null. Only for the owner. */
    @Undivided
    @Nullable Runnable poll() {
        if (taken == null && newest != null) {
            taken = takeAll();
        }
        Entry first = taken;
        if (first == null) {
            return null;
        }
        taken = first.next;
        return first.task;
    }

    /** Hands everything to {@code receiver}, in order. From any thread, after the owner's end. */
    void drainTo(Consumer<Runnable> receiver) {
        for (Entry entry = takeAll(); entry != null; entry = entry.next) {
            receiver.accept(entry.task);
        }
    }

    /** Whether there is nothing. Only for the owner. */
    boolean isEmpty() {
        return taken == null && newest == null;
    }

    /**
     * Says that the owner, who calls this, will sleep.
     *
     * @return whether it may: not if something is here, whose sender may have found it awake
     */
    boolean beginSleep() {
        asleep = true;
        return isEmpty();
    }

    /** Says that the owner, who calls this, sleeps no more. */
    void endSleep() {
        asleep = false;
    }

    /** Says that the owner, who calls this, will look once more and never again. */
    void close() {
        closed = true;
    }

    /** Whether the owner has ended. Who adds something and then finds that it has not is heard. */
    boolean isClosed() {
        return closed;
    }

    private @Nullable Entry takeAll() {
        Entry entry = (Entry) NEWEST.getAndSet(this, (Entry) null);
        Entry oldest = null;
        while (entry != null) {
            Entry older = entry.next;
            entry.next = oldest;
            oldest = entry;
            entry = older;
        }
        return oldest;
    }
}
