package dev.gyre.uring;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The timers of one loop, in a binary heap. Only the loop's thread uses it. */
final class Timers {
    private @Nullable Timer[] heap = new Timer[64];
    private int size;

    /** Sets {@code timer} to fire at {@code deadline}, whatever it was set to before. */
    void set(Timer timer, long deadline) {
        timer.deadline = deadline;
        if (timer.index < 0) {
            insert(timer, deadline);
        } else if (deadline < timer.position) {
            timer.position = deadline;
            up(timer, timer.index);
        }
    }

    /** Sets {@code timer} to fire not at all. */
    static void stop(Timer timer) {
        timer.deadline = Timer.NEVER;
    }

    /** Takes {@code timer} out, so that nothing holds on to it. */
    void remove(Timer timer) {
        timer.deadline = Timer.NEVER;
        if (timer.index >= 0) {
            removeAt(timer.index);
        }
    }

    /** Fires what is due at {@code now}. */
    void expire(long now) {
        while (size > 0) {
            Timer first = at(0);
            if (first.position > now) {
                return;
            }
            removeAt(0);
            if (first.deadline <= now) {
                first.deadline = Timer.NEVER;
                first.fire();
            } else if (first.deadline != Timer.NEVER) {
                insert(first, first.deadline);
            }
        }
    }

    /** When {@link #expire} has something to do next; {@link Timer#NEVER} if never. */
    long next() {
        return size == 0 ? Timer.NEVER : at(0).position;
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
        Timer last = at(--size);
        heap[size] = null;
        if (index < size) {
            up(last, index);
            down(last, last.index);
        }
    }

    /** Puts {@code timer} at {@code index} or where it belongs above. */
    private void up(Timer timer, int index) {
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

    private void place(Timer timer, int index) {
        heap[index] = timer;
        timer.index = index;
    }

    @SuppressWarnings("NullAway") // places below the size are filled
    private Timer at(int index) {
        return heap[index];
    }
}
