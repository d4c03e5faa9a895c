package dev.gyre.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Lends small pieces of native memory for the duration of one call: the place where the linker saves {@code errno}, or
 * an argument that is passed by address.
 *
 * <p>A thread-local would hold one per virtual thread, millions of them. Here a thread tries the one slot that its id
 * points to, and takes a spare or makes a new one if that slot is empty. There are as many segments as were ever lent
 * at the same time; they live as long as the process. Slots and segments lie a cache line apart, so threads on
 * different slots do not slow each other down.
 *
 * <p>A segment comes with whatever its last borrower left in it.
 */
final class SegmentPool {
    /** Where {@code errno} goes. */
    static final SegmentPool ERRNO = new SegmentPool();
    /** Arguments: another pool, so that one of each can be lent to a thread from its own slots. */
    static final SegmentPool ARGUMENTS = new SegmentPool();

    /** Bytes in each segment, and their alignment. */
    static final int SEGMENT_BYTES = 64;

    private static final int REFERENCES_PER_LINE = 16;
    private static final int SLOTS = 256;

    private final AtomicReferenceArray<@Nullable MemorySegment> slots =
            new AtomicReferenceArray<>(SLOTS * REFERENCES_PER_LINE);
    private final ConcurrentLinkedQueue<MemorySegment> spares = new ConcurrentLinkedQueue<>();

    private SegmentPool() {}

    MemorySegment borrow() {
        MemorySegment segment = slots.getAndSet(slot(), null);
        return segment != null ? segment : spareOrNew();
    }

    /** Never fails: the call was made, and its answer must not get lost. Without memory, the segment does. */
    void giveBack(MemorySegment segment) {
        if (!slots.compareAndSet(slot(), null, segment)) {
            try {
                spares.add(segment);
            } catch (OutOfMemoryError exhausted) {
                // One more is made when it is needed.
            }
        }
    }

    private MemorySegment spareOrNew() {
        MemorySegment spare = spares.poll();
        return spare != null ? spare : Arena.global().allocate(SEGMENT_BYTES, SEGMENT_BYTES);
    }

    private static int slot() {
        return ((int) Thread.currentThread().threadId() & (SLOTS - 1)) * REFERENCES_PER_LINE;
    }
}
