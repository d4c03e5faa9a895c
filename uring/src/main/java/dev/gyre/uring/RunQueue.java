package dev.gyre.uring;

import dev.gyre.ring.Undivided;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a loop's thread is to run, first in first out. An {@code ArrayDeque} that lacks the memory, or its caller the
 * stack, to grow has the element already, and then looks empty: all would be lost that are in it. This one grows first.
 */
final class RunQueue {
    private @Nullable Runnable[] ring = new Runnable[64];
    private int first;
    private int size;

    @Undivided
    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Sees to it that the next one can be added, whatever memory there is then. */
    @Undivided
    void reserve() {
        if (size == ring.length) {
            grow();
        }
    }

    @Undivided
    void add(Runnable piece) {
        reserve();
        ring[(first + size) & (ring.length - 1)] = piece;
        size++;
    }

    /** The oldest, or null. */
    @Undivided
    @Nullable Runnable poll() {
        if (size == 0) {
            return null;
        }
        Runnable oldest = ring[first];
        ring[first] = null;
        first = (first + 1) & (ring.length - 1);
        size--;
        return oldest;
    }

    /** Hands everything over, in order. */
    void drainTo(Consumer<Runnable> receiver) {
        for (Runnable piece = poll(); piece != null; piece = poll()) {
            receiver.accept(piece);
        }
    }

    private void grow() {
        @Nullable Runnable[] longer = Arrays.copyOf(ring, 2 * size);
        System.arraycopy(ring, 0, longer, size, first);
        Arrays.fill(longer, 0, first, null);
        // From here on nothing is called. The oldest stay where they are, and what came after the end follows them.
        ring = longer;
    }
}
