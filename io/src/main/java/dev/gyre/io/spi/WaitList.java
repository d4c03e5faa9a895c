package dev.gyre.io.spi;

import org.jspecify.annotations.Nullable;

/** The fibers that wait for the same thing, in the order in which they came. Whoever owns the list guards it. */
final class WaitList {
    private @Nullable Waiter first;
    private @Nullable Waiter last;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Looks for the stack that it takes to wake those that wait. For whoever will, before anything is changed. */
    void requireRoomToWake() {
        if (size > 0) {
            StackRoom.requireToPark();
        }
    }

    /** Appends {@code waiter}, which is in no list. */
    void add(Waiter waiter) {
        waiter.list = this;
        waiter.previous = last;
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
        size++;
    }

    /** The waiter at {@code index}, counted from the one that came first. */
    @SuppressWarnings("NullAway") // below the size
    Waiter get(int index) {
        Waiter found = first;
        for (int i = 0; i < index; i++) {
            found = found.next;
        }
        return found;
    }

    /** Takes {@code waiter} out. False if it is not, or no longer, in this list. */
    boolean remove(Waiter waiter) {
        if (waiter.list != this) {
            return false;
        }
        if (waiter.previous == null) {
            first = waiter.next;
        } else {
            waiter.previous.next = waiter.next;
        }
        if (waiter.next == null) {
            last = waiter.previous;
        } else {
            waiter.next.previous = waiter.previous;
        }
        waiter.list = null;
        waiter.previous = null;
        waiter.next = null;
        size--;
        return true;
    }

    /** Takes all out. The first is the head of a chain for {@link #signalAll(Waiter)}; null if there is none. */
    @Nullable Waiter removeAll() {
        Waiter chain = first;
        for (Waiter waiter = first; waiter != null; waiter = waiter.next) {
            waiter.list = null;
        }
        first = null;
        last = null;
        size = 0;
        return chain;
    }

    /** Lets those go on that {@link #removeAll()} took out. Without the owner's lock, so that they find it free. */
    static void signalAll(@Nullable Waiter chain) {
        Waiter waiter = chain;
        while (waiter != null) {
            Waiter following = waiter.next;
            waiter.next = null;
            waiter.previous = null;
            waiter.signal();
            waiter = following;
        }
    }
}
