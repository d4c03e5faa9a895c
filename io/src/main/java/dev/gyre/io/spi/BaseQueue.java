package dev.gyre.io.spi;

import dev.gyre.io.BoundedQueue;
import dev.gyre.io.QueueClosedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue: what is stored, and those that wait on either side.
 *
 * <p>Whoever comes serves the other side. A putter gives to the getters that wait, then stores, then waits with the
 * rest in its hands; a getter takes what is stored, then from the hands of putters, and lets putters store into the
 * room that it made. So getters only wait while nothing is stored and no putter waits, and putters only while there is
 * no room and no getter waits. One that waits for several may be served in part; it goes on when it has its minimum.
 */
final class BaseQueue<T> implements BoundedQueue<T> {
    private final BaseIo io;
    private final int capacity;

    // All guarded by this object's lock.
    private final ArrayDeque<T> stored;
    private final WaitList putters = new WaitList();
    private final WaitList getters = new WaitList();
    private boolean closed;

    BaseQueue(BaseIo io, int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity " + capacity + " is negative");
        }
        this.io = io;
        this.capacity = capacity;
        this.stored = new ArrayDeque<>(Math.min(capacity, 64));
    }

    /** As with a list of one, but that and the waiter are only made for an element that has to wait. */
    @Override
    public void put(T element) {
        Objects.requireNonNull(element);
        Fiber fiber = arrive();
        @Nullable Waiter served = null;
        @Nullable Putter<T> putter = null;
        synchronized (this) {
            requireRoomToWake();
            requireOpen();
            if (!getters.isEmpty()) {
                Getter<T> getter = nextGetter();
                getter.taken.add(element);
                served = withServed(null, getters, getter);
            } else if (stored.size() < capacity) {
                stored.add(element);
            } else {
                putter = new Putter<>(fiber, this, List.of(element), 1);
                putters.add(putter);
            }
        }
        WaitList.signalAll(served);
        if (putter != null) {
            putter.await(true);
            var _ = putter.result();
        }
    }

    @Override
    public int put(List<? extends T> elements, int min) {
        List<T> copy = List.copyOf(elements);
        if (min < 0 || min > copy.size()) {
            throw new IllegalArgumentException("min " + min + " is not within 0.." + copy.size());
        }
        Fiber fiber = arrive();
        Putter<T> putter = new Putter<>(fiber, this, copy, min);
        @Nullable Waiter served;
        boolean waits;
        synchronized (this) {
            requireRoomToWake();
            requireOpen();
            served = give(putter);
            store(putter);
            waits = !putter.isServed();
            if (waits) {
                putters.add(putter);
            }
        }
        WaitList.signalAll(served);
        if (waits) {
            putter.await(true);
        }
        return putter.result();
    }

    /** As with a collection for one, but the waiter is only made where there is nothing yet. */
    @Override
    public T get() {
        Fiber fiber = arrive();
        @Nullable T element;
        @Nullable Waiter served = null;
        @Nullable Getter<T> getter = null;
        synchronized (this) {
            requireRoomToWake();
            element = stored.poll();
            if (!putters.isEmpty()) {
                Putter<T> putter = nextPutter();
                element = element == null ? putter.next() : element;
                store(putter);
                served = withServed(null, putters, putter);
            } else if (element == null) {
                requireOpen();
                getter = new Getter<>(fiber, this, 1, 1);
                getters.add(getter);
            }
        }
        WaitList.signalAll(served);
        if (getter != null) {
            getter.await(true);
            element = getter.checked().taken.getFirst();
        }
        return Objects.requireNonNull(element);
    }

    @Override
    public int get(Collection<? super T> into, int min, int max) {
        if (max <= 0) {
            throw new IllegalArgumentException("max " + max + " is not positive");
        }
        if (min < 0 || min > max) {
            throw new IllegalArgumentException("min " + min + " is not within 0.." + max);
        }
        Getter<T> getter = take(min, max);
        into.addAll(getter.taken);
        return getter.taken.size();
    }

    @Override
    public int size() {
        io.interleave();
        synchronized (this) {
            return stored.size();
        }
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public boolean isClosed() {
        io.interleave();
        synchronized (this) {
            return closed;
        }
    }

    @Override
    public void close() {
        io.interleave();
        @Nullable Waiter stranded;
        @Nullable Waiter hungry;
        synchronized (this) {
            requireRoomToWake();
            closed = true;
            stranded = putters.removeAll();
            hungry = getters.removeAll();
        }
        WaitList.signalAll(stranded);
        WaitList.signalAll(hungry);
    }

    @Override
    public synchronized String toString() {
        return "a queue with " + stored.size() + " of " + capacity + " elements";
    }

    private Getter<T> take(int min, int max) {
        Fiber fiber = arrive();
        Getter<T> getter = new Getter<>(fiber, this, min, max);
        @Nullable Waiter served;
        boolean waits;
        synchronized (this) {
            requireRoomToWake();
            while (getter.hasRoom() && !stored.isEmpty()) {
                getter.taken.add(stored.remove());
            }
            served = takeFromPutters(getter);
            if (getter.taken.isEmpty() && closed) {
                throw new QueueClosedException();
            }
            waits = !getter.isServed() && !closed;
            if (waits) {
                getters.add(getter);
            }
        }
        WaitList.signalAll(served);
        if (waits) {
            getter.await(true);
        }
        return getter.checked();
    }

    /** Gives the putter's elements to getters that wait. Answers those that have their minimum, as a chain. */
    private @Nullable Waiter give(Putter<T> putter) {
        @Nullable Waiter chain = null;
        while (putter.hasMore() && !getters.isEmpty()) {
            Getter<T> getter = nextGetter();
            while (putter.hasMore() && getter.hasRoom()) {
                getter.taken.add(putter.next());
            }
            chain = withServed(chain, getters, getter);
        }
        return chain;
    }

    /** Stores what there is room for. */
    private void store(Putter<T> putter) {
        while (putter.hasMore() && stored.size() < capacity) {
            stored.add(putter.next());
        }
    }

    /** Takes from the hands of putters, or lets them store. Answers those that have put their minimum, as a chain. */
    private @Nullable Waiter takeFromPutters(Getter<T> getter) {
        @Nullable Waiter chain = null;
        while (!putters.isEmpty() && (getter.hasRoom() || stored.size() < capacity)) {
            Putter<T> putter = nextPutter();
            while (putter.hasMore() && getter.hasRoom()) {
                getter.taken.add(putter.next());
            }
            store(putter);
            chain = withServed(chain, putters, putter);
        }
        return chain;
    }

    /** The chain, with the waiter in front and out of its list if that has its minimum. */
    private static @Nullable Waiter withServed(@Nullable Waiter chain, WaitList list, Side waiter) {
        if (!waiter.isServed()) {
            return chain;
        }
        list.remove(waiter);
        waiter.next = chain;
        return waiter;
    }

    @SuppressWarnings("unchecked") // nothing else is in this list
    private Putter<T> nextPutter() {
        return (Putter<T>) chosen(putters);
    }

    @SuppressWarnings("unchecked") // nothing else is in this list
    private Getter<T> nextGetter() {
        return (Getter<T>) chosen(getters);
    }

    private Waiter chosen(WaitList list) {
        return list.get(list.size() == 1 ? 0 : io.choose(list.size()));
    }

    private Fiber arrive() {
        io.interleave();
        Fiber fiber = io.currentFiber();
        fiber.checkCancel();
        return fiber;
    }

    private void requireRoomToWake() {
        getters.requireRoomToWake();
        putters.requireRoomToWake();
    }

    private void requireOpen() {
        if (closed) {
            throw new QueueClosedException();
        }
    }

    /** A fiber that waits on either side. Guarded by the queue's lock while it is in a list. */
    private abstract static class Side extends LeavingWaiter {
        Side(Fiber fiber, String operation, BaseQueue<?> queue, String state) {
            super(fiber, operation, queue, state);
        }

        /** Whether it has its minimum. */
        abstract boolean isServed();
    }

    /** A fiber that puts, and how far it has come. */
    private static final class Putter<T> extends Side {
        private final List<T> elements;
        private final int min;
        private int put;

        Putter(Fiber fiber, BaseQueue<T> queue, List<T> elements, int min) {
            super(fiber, "put", queue, "into a queue that is full");
            this.elements = elements;
            this.min = min;
        }

        boolean hasMore() {
            return put < elements.size();
        }

        T next() {
            return elements.get(put++);
        }

        @Override
        boolean isServed() {
            return put >= min;
        }

        int result() {
            if (put == 0 && min > 0) {
                throwIfLeft();
                throw new QueueClosedException();
            }
            return put;
        }
    }

    /** A fiber that gets, and what it has. */
    private static final class Getter<T> extends Side {
        private final List<T> taken;
        private final int min;
        private final int max;

        Getter(Fiber fiber, BaseQueue<T> queue, int min, int max) {
            super(fiber, "get", queue, "from a queue that is empty");
            this.min = min;
            this.max = max;
            this.taken = new ArrayList<>(Math.min(max, 16));
        }

        boolean hasRoom() {
            return taken.size() < max;
        }

        @Override
        boolean isServed() {
            return taken.size() >= min;
        }

        Getter<T> checked() {
            if (taken.isEmpty() && min > 0) {
                throwIfLeft();
                throw new QueueClosedException();
            }
            return this;
        }
    }
}
