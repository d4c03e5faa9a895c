package dev.gyre.ring;

import dev.gyre.linux.Files;
import dev.gyre.linux.layout.Iovec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Several buffers, one after the other, as vectored operations take them.
 *
 * <p>Immutable, and used by as many operations as one likes; each owns the buffers while it is in flight.
 */
public final class Vector {
    private final MemorySegment[] buffers;
    private final MemorySegment elements;

    /**
     * These buffers.
     *
     * @param buffers native; at most 1024
     */
    public Vector(List<MemorySegment> buffers) {
        if (buffers.size() > Files.VECTORS_MAX) {
            throw new IllegalArgumentException(buffers.size() + " buffers are more than " + Files.VECTORS_MAX);
        }
        this.buffers = buffers.toArray(MemorySegment[]::new);
        elements = Arena.ofAuto().allocate(Iovec.LAYOUT, Math.max(1, this.buffers.length));
        for (int i = 0; i < this.buffers.length; i++) {
            Iovec.set(elements, i, Operation.requireNative(this.buffers[i]));
        }
    }

    /**
     * How many buffers there are.
     *
     * @return 0 to 1024
     */
    public int count() {
        return buffers.length;
    }

    /**
     * The array that the kernel reads.
     *
     * @return {@code iovec}s, as many as there are buffers
     */
    public MemorySegment elements() {
        return elements;
    }

    /**
     * The buffers themselves.
     *
     * @return a copy of the list, in order
     */
    public MemorySegment[] memory() {
        return buffers.clone();
    }
}
