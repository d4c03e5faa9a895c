package dev.gyre.uring;

import dev.gyre.io.spi.StackRoom;
import dev.gyre.ring.Undivided;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one loop, in a binary heap. On the loop's thread only, and by the fibers that it carries: it is fields
 * and arrays, and nothing in it can be switched out.
 *
 * <p>A timer that is stopped keeps its place, since it mostly is set again at once. When half of the places belong to
 * such timers, all of those are taken out; so what nobody waits for any more is not kept for long.
 *
 * <p>A fiber whose stack is at its end can break off in the middle. Whoever comes next finds that, and puts the heap in
 * order before it does anything.
 */
final class Timers {
    private static final int CAPACITY_LEAST = 64;

    private @Nullable Timer[] heap = new Timer[CAPACITY_LEAST];
    private int size;

    /** How many of those in the heap are stopped. */
    private int stopped;

    /** Whether a change has begun and not ended. */
    private boolean changing;

    /** Which timer was moved last, and may have no place if that has not ended. */
    private @Nullable Timer moving;

    /** Sets {@code timer} to fire at {@code deadline}, whatever it was set to before. */
    @Undivided
    void set(Timer timer, long deadline) {
        beginChange();
        if (!contains(timer)) {
            timer.deadline = deadline;
            if (deadline != Timer.NEVER) {
                insert(timer, deadline);
            }
        } else {
            setAgain(timer, deadline);
        }
        changing = false;
    }

    private void setAgain(Timer timer, long deadline) {
        if (timer.deadline == Timer.NEVER) {
            stopped--;
        }
        timer.deadline = deadline;
        if (deadline == Timer.NEVER) {
            stopped++;
        } else if (deadline < timer.position) {
            timer.position = deadline;
            up(timer, timer.index);
        }
    }

    /** Sets {@code timer} to fire not at all. */
    @Undivided
    void stop(Timer timer) {
        beginChange();
        if (contains(timer) && timer.deadline != Timer.NEVER) {
            timer.deadline = Timer.NEVER;
            stopped++;
            if (stopped > size / 2 && size > CAPACITY_LEAST) {
                sweep();
            }
        }
        changing = false;
    }

    /** Takes {@code timer} out, so that nothing holds on to it. */
    @Undivided
    void remove(Timer timer) {
        beginChange();
        if (contains(timer)) {
            if (timer.deadline == Timer.NEVER) {
                stopped--;
            }
            removeAt(timer.index);
        }
        timer.deadline = Timer.NEVER;
        changing = false;
    }

    /** Fires what is due at {@code now}. */
    @Undivided
    void expire(long now) {
        for (Timer due = takeDue(now); due != null; due = takeDue(now)) {
            due.fire();
        }
    }

    /** Takes the next one out that is due; null if there is none. */
    private @Nullable Timer takeDue(long now) {
        beginChange();
        Timer due = null;
        while (due == null && size > 0 && at(0).position <= now) {
            Timer first = at(0);
            removeAt(0);
            if (first.deadline == Timer.NEVER) {
                stopped--;
            } else if (first.deadline <= now) {
                first.deadline = Timer.NEVER;
                due = first;
            } else {
                insert(first, first.deadline);
            }
        }
        changing = false;
        return due;
    }

    /** When {@link #expire} has something to do next; {@link Timer#NEVER} if never. */
    long next() {
        if (changing) {
            return 0;
        }
        return size == 0 ? Timer.NEVER : at(0).position;
    }

    /** How many places of the heap are used. */
    int size() {
        return size;
    }

    /** Before a change, which may find that one before it has broken off. */
    private void beginChange() {
        if (changing) {
            repair();
        }
        changing = true;
    }

    /** Puts everything in its place that is anywhere in the heap and not stopped. */
    private void repair() {
        StackRoom.require(); // or this would break off as well
        @Nullable Timer[] found = heap;
        heap = new Timer[found.length + 1];
        size = 0;
        stopped = 0;
        for (Timer timer : found) {
            if (timer != null) {
                timer.index = -1;
            }
        }
        Timer moved = moving;
        if (moved != null) {
            moved.index = -1;
            insertAgain(moved);
        }
        for (Timer timer : found) {
            if (timer != null) {
                insertAgain(timer);
            }
        }
        changing = false;
    }

    private void insertAgain(Timer timer) {
        if (timer.index < 0 && timer.deadline != Timer.NEVER) {
            insert(timer, timer.deadline);
        }
    }

    /** Takes out all that are stopped, and restores the order of the others. */
    private void sweep() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            Timer timer = at(i);
            if (timer.deadline == Timer.NEVER) {
                timer.index = -1;
            } else {
                place(timer, kept++);
            }
        }
        Arrays.fill(heap, kept, size, null);
        size = kept;
        stopped = 0;
        for (int i = size / 2 - 1; i >= 0; i--) {
            down(at(i), i);
        }
        if (size < heap.length / 8) {
            heap = Arrays.copyOf(heap, Math.max(CAPACITY_LEAST, heap.length / 4));
        }
    }

    private void insert(Timer timer, long deadline) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        timer.position = deadline;
        up(timer, size++);
    }

    private void removeAt(int index) {
        at(index).index = -1;
        Timer last = at(size - 1);
        moving = last;
        heap[--size] = null;
        if (index < size) {
            up(last, index);
            down(last, last.index);
        }
    }

    /** Puts {@code timer} at {@code index} or where it belongs above. */
    private void up(Timer timer, int index) {
        moving = timer;
        int hole = index;
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            Timer above = at(parent);
            if (above.position <= timer.position) {
                break;
            }
            place(above, hole);
            hole = parent;
        }
        place(timer, hole);
    }

    /** Puts {@code timer} at {@code index} or where it belongs below. */
    private void down(Timer timer, int index) {
        moving = timer;
        int hole = index;
        while (2 * hole + 1 < size) {
            int child = 2 * hole + 1;
            if (child + 1 < size && at(child + 1).position < at(child).position) {
                child++;
            }
            if (timer.position <= at(child).position) {
                break;
            }
            place(at(child), hole);
            hole = child;
        }
        place(timer, hole);
    }

    /** Whether it has a place, as far as it knows and as the heap does. */
    private boolean contains(Timer timer) {
        int index = timer.index;
        return index >= 0 && index < size && heap[index] == timer;
    }

    private void place(Timer timer, int index) {
        heap[index] = timer;
        timer.index = index;
    }

    @SuppressWarnings("NullAway") // places below the size are filled
    private Timer at(int index) {
        return heap[index];
    }
}
