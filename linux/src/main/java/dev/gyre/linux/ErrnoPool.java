package dev.gyre.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Lends the few bytes into which the linker saves {@code errno} right after a call, before the virtual machine can
 * overwrite it.
 *
 * <p>A thread-local would hold one per virtual thread, millions of them. Here a thread tries the one slot that its id
 * points to, and takes a spare or makes a new one if the slot is empty. There are as many segments as calls were ever
 * under way at the same time; they live as long as the process. Slots and segments lie a cache line apart, so threads
 * on different slots do not slow each other down.
 */
final class ErrnoPool {
    private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO = LAYOUT.byteOffset(PathElement.groupElement("errno"));

    private static final int CACHE_LINE_BYTES = 64;
    private static final int REFERENCES_PER_LINE = 16;
    private static final int SLOTS = 256;

    private static final AtomicReferenceArray<@Nullable MemorySegment> slots =
            new AtomicReferenceArray<>(SLOTS * REFERENCES_PER_LINE);
    private static final ConcurrentLinkedQueue<MemorySegment> spares = new ConcurrentLinkedQueue<>();

    private ErrnoPool() {}

    static MemorySegment borrow() {
        MemorySegment segment = slots.getAndSet(slot(), null);
        return segment != null ? segment : spareOrNew();
    }

    static void giveBack(MemorySegment segment) {
        if (!slots.compareAndSet(slot(), null, segment)) {
            spares.add(segment);
        }
    }

    static int errno(MemorySegment segment) {
        return segment.get(ValueLayout.JAVA_INT, ERRNO);
    }

    private static MemorySegment spareOrNew() {
        MemorySegment spare = spares.poll();
        return spare != null ? spare : Arena.global().allocate(CACHE_LINE_BYTES, CACHE_LINE_BYTES);
    }

    private static int slot() {
        return ((int) Thread.currentThread().threadId() & (SLOTS - 1)) * REFERENCES_PER_LINE;
    }
}
