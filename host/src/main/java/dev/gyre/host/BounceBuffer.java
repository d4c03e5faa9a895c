package dev.gyre.host;

import dev.gyre.linux.Mmap;
import dev.gyre.linux.raw.RawMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Native memory that stands between the kernel and memory that the kernel cannot reach, or that somebody else could
 * free meanwhile ({@link StableMemory}). It is lent from a pool. Any thread may borrow, use and close it.
 */
public final class BounceBuffer implements AutoCloseable {
    private static final Pool SMALL = new Pool(64 * 1024, 64);
    private static final Pool LARGE = new Pool(1024 * 1024, 8);

    private final Pool pool;
    private final MemorySegment memory;

    /** Whether somebody has borrowed it. */
    private volatile boolean lent;

    /** A loop's own thread may come here, which must not meet a lock of the JDK's; to allocate takes some. */
    private BounceBuffer(Pool pool) {
        this.pool = pool;
        long address = Mmap.mmap(
                0, pool.size, Mmap.PROT_READ | Mmap.PROT_WRITE, Mmap.MAP_PRIVATE | Mmap.MAP_ANONYMOUS, -1, 0);
        if (address < 0) {
            throw new OutOfMemoryError("no memory for a buffer of " + pool.size + " bytes: mmap(2) fails");
        }
        this.memory = RawMemory.segment(address, pool.size, Arena.global());
    }

    /**
     * Borrows one.
     *
     * @param wanted how many bytes the caller has a use for; the buffer may have fewer, but 64 KiB in any case
     * @return with anything in it, to be closed when no operation uses it any more
     */
    public static BounceBuffer borrow(long wanted) {
        return (wanted > SMALL.size ? LARGE : SMALL).borrow();
    }

    /**
     * Borrows one and fills it.
     *
     * @param from what to copy, as much as fits, from its beginning
     * @return to be closed when no operation uses it any more
     */
    public static BounceBuffer of(MemorySegment from) {
        BounceBuffer buffer = borrow(from.byteSize());
        boolean copied = false;
        try {
            MemorySegment.copy(from, 0, buffer.memory, 0, Math.min(from.byteSize(), buffer.memory.byteSize()));
            copied = true;
            return buffer;
        } finally {
            if (!copied) {
                buffer.close();
            }
        }
    }

    /**
     * Its memory, as far as somebody has a use for it.
     *
     * @param wanted in bytes
     * @return so many bytes, or all there are
     */
    public MemorySegment memory(long wanted) {
        return wanted < memory.byteSize() ? memory.asSlice(0, wanted) : memory;
    }

    /**
     * Copies what the kernel has put into it.
     *
     * @param to where to
     * @param length how many bytes
     */
    public void copyTo(MemorySegment to, long length) {
        MemorySegment.copy(memory, 0, to, 0, length);
    }

    /** Gives it back. */
    @Override
    public void close() {
        if (!lent) {
            throw new AssertionError("a buffer is given back once");
        }
        lent = false;
        pool.giveBack(this);
    }

    private void free() {
        Mmap.munmap(memory.address(), memory.byteSize());
    }

    private static final class Pool {
        private final int size;
        private final int keptMax;
        private final ConcurrentLinkedQueue<BounceBuffer> buffers = new ConcurrentLinkedQueue<>();
        private final AtomicInteger kept = new AtomicInteger();

        Pool(int size, int keptMax) {
            this.size = size;
            this.keptMax = keptMax;
        }

        BounceBuffer borrow() {
            BounceBuffer buffer = buffers.poll();
            if (buffer == null) {
                buffer = new BounceBuffer(this);
            } else {
                kept.decrementAndGet();
            }
            buffer.lent = true;
            return buffer;
        }

        void giveBack(BounceBuffer buffer) {
            try {
                if (kept.incrementAndGet() > keptMax || !keep(buffer)) {
                    kept.decrementAndGet();
                    buffer.free();
                }
            } catch (VirtualMachineError | LinkageError lost) {
                // What was received into it must not be lost as well.
            }
        }

        private boolean keep(BounceBuffer buffer) {
            try {
                return buffers.add(buffer);
            } catch (OutOfMemoryError exhausted) {
                return false;
            }
        }
    }
}
