package dev.gyre.uring;

import dev.gyre.ring.BufferRing;
import dev.gyre.ring.Loop;
import dev.gyre.ring.RingException;
import dev.gyre.ring.Undivided;
import java.lang.foreign.MemorySegment;

/**
 * The buffers that a loop's multishot receives fill. What arrived in one may be read in parts, by several fibers; the
 * last one that is through with a buffer gives it back. On the loop's thread only, apart from {@link #copy}.
 */
final class ReceiveBuffers implements AutoCloseable {
    private static final int GROUP = 0;
    private static final int COUNT = 256;
    private static final int SIZE = 4096;

    private final BufferRing ring;

    /** How many use each buffer: the arrival in it counts as one, until all of it was claimed. */
    private final int[] users = new int[COUNT];

    private ReceiveBuffers(BufferRing ring) {
        this.ring = ring;
    }

    static ReceiveBuffers open(Loop loop) throws RingException {
        return new ReceiveBuffers(BufferRing.open(loop.ring(), GROUP, COUNT, SIZE));
    }

    BufferRing ring() {
        return ring;
    }

    /** The size of each, in bytes. */
    int size() {
        return SIZE;
    }

    /** Whether the kernel has none left. */
    boolean areAllTaken() {
        return ring.taken() == COUNT;
    }

    /** Notes that the kernel has filled one. */
    @Undivided
    void filled(int id) {
        ring.take(id);
        users[id] = 1;
    }

    /** Keeps one from being given back, until {@link #release}. */
    @Undivided
    void retain(int id) {
        users[id]++;
    }

    /** Lets go of one; the kernel gets it back from its last user. */
    @Undivided
    void release(int id) {
        if (--users[id] == 0) {
            ring.give(id);
        }
    }

    /**
     * Copies from one that the caller retains. From any thread. To copy takes no memory, except where the JDK does so
     * for the first times; then it waits until there is some, as nobody else will ever get what the caller has claimed.
     */
    void copy(int id, int from, MemorySegment to, long at, int length) {
        while (true) {
            try {
                ring.copy(id, from, to, at, length);
                return;
            } catch (OutOfMemoryError exhausted) {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() {
        ring.close();
    }
}
