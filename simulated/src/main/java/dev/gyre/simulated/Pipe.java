package dev.gyre.simulated;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** One direction of a connection: what was written and not read yet. Guarded by the kernel's lock. */
final class Pipe {
    /** So many bytes at most wait for the reader. */
    static final int WINDOW = 64 * 1024;

    private final Deque<MemorySegment> pieces = new ArrayDeque<>();
    private final Watchers watchers = new Watchers();
    private long size;
    private boolean ended;
    private boolean discarding;
    private boolean abandoned;
    private boolean reset;
    private boolean resetUnheard;

    /** Those who wait for bytes or for room; never both, since there is always one of the two. */
    Watchers watchers() {
        return watchers;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether nothing more is written. */
    boolean isEnded() {
        return ended;
    }

    /** Whether the reader finds nothing any more. */
    boolean isExhausted() {
        return isEmpty() && (ended || discarding);
    }

    /** Whether the reader is gone. */
    boolean isAbandoned() {
        return abandoned;
    }

    /** Whether the reader was told that the writer is gone. */
    boolean isReset() {
        return reset;
    }

    /** Whether the reader has yet to hear of it; true once. */
    boolean hearReset() {
        boolean unheard = resetUnheard;
        resetUnheard = false;
        return unheard;
    }

    /** Takes as many bytes as there is room for, and returns how many these are. */
    int write(List<MemorySegment> parts) {
        long taken = 0;
        for (MemorySegment part : parts) {
            long count = Math.min(part.byteSize(), WINDOW - size);
            if (count > 0 && !discarding) {
                pieces.add(MemorySegment.ofArray(part.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE)));
                size += count;
            }
            taken += count;
        }
        if (taken > 0 && !discarding) {
            watchers.signal();
        }
        return (int) taken;
    }

    /** Gives as many bytes as there are and fit, and returns how many these are. */
    int read(List<MemorySegment> parts) {
        long filled = 0;
        for (MemorySegment part : parts) {
            filled += read(part);
        }
        watchers.signal();
        return (int) filled;
    }

    private long read(MemorySegment to) {
        long filled = 0;
        while (filled < to.byteSize() && !pieces.isEmpty()) {
            MemorySegment piece = pieces.getFirst();
            long count = Math.min(piece.byteSize(), to.byteSize() - filled);
            MemorySegment.copy(piece, 0, to, filled, count);
            pieces.removeFirst();
            if (count < piece.byteSize()) {
                pieces.addFirst(piece.asSlice(count));
            }
            filled += count;
            size -= count;
        }
        return filled;
    }

    /** Nothing more is written. */
    void end() {
        ended = true;
        watchers.signal();
    }

    /** Nothing more is read: what there is and what comes is thrown away. */
    void discard() {
        discarding = true;
        pieces.clear();
        size = 0;
        watchers.signal();
    }

    /** The reader is gone. */
    void abandon() {
        abandoned = true;
        discard();
    }

    /** The writer is gone, and the reader hears of it, unless it has seen the end before. */
    void reset() {
        reset = true;
        resetUnheard = !ended;
        end();
    }
}
