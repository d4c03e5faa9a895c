package dev.gyre.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory for the arguments of one call: paths, addresses, structs.
 *
 * <p>Any thread may see it, as operations need it that one thread prepares and another one submits. It is lent from a
 * pool, because to free shared memory the virtual machine must stop and ask every thread.
 */
public final class Scratch implements SegmentAllocator, AutoCloseable {
    private static final long SIZE = 16 * 1024;
    private static final int KEPT_MAX = 256;
    private static final ConcurrentLinkedQueue<Scratch> POOL = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger KEPT = new AtomicInteger();

    private final MemorySegment memory = Arena.ofAuto().allocate(SIZE, Long.BYTES);
    private long used;

    private Scratch() {}

    /**
     * Borrows some.
     *
     * @return empty, to be given back with {@link #close()} when no operation uses it any more
     */
    public static Scratch borrow() {
        Scratch kept = POOL.poll();
        if (kept == null) {
            return new Scratch();
        }
        KEPT.decrementAndGet();
        kept.used = 0;
        return kept;
    }

    @Override
    public MemorySegment allocate(long size, long alignment) {
        long start = (used + alignment - 1) & -alignment;
        if (start + size > SIZE) {
            throw new IllegalArgumentException(size + " bytes are too much for the arguments of a call");
        }
        used = start + size;
        return memory.asSlice(start, size).fill((byte) 0);
    }

    /**
     * A path as the kernel takes it.
     *
     * @param path its bytes
     * @return the same with a final NUL
     */
    public MemorySegment path(byte[] path) {
        MemorySegment encoded = allocate(path.length + 1L, 1);
        MemorySegment.copy(path, 0, encoded, ValueLayout.JAVA_BYTE, 0, path.length);
        return encoded;
    }

    /** Gives it back. Never fails: what the call has brought must not get lost. */
    @Override
    public void close() {
        if (KEPT.incrementAndGet() <= KEPT_MAX) {
            try {
                POOL.add(this);
                return;
            } catch (OutOfMemoryError exhausted) {
                // Then it is the collector's.
            }
        }
        KEPT.decrementAndGet();
    }
}
