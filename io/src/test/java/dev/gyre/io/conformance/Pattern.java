package dev.gyre.io.conformance;

import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * Bytes of which each shows whether it is in its place: at any distance the same ones do not come again.
 *
 * @param bytes the whole
 */
record Pattern(MemorySegment bytes) {
    Pattern(Arena arena, int length, long seed) {
        byte[] random = new byte[length];
        new Random(seed).nextBytes(random);
        this(arena.allocateFrom(ValueLayout.JAVA_BYTE, random));
    }

    /** Reads to the end of the stream, into buffers of these sizes in turn, and compares. Returns the length. */
    long check(Connection connection, Arena arena, int... sizes) throws IoException {
        MemorySegment[] buffers = new MemorySegment[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            buffers[i] = arena.allocate(sizes[i]);
        }
        long total = 0;
        for (int turn = 0;; turn++) {
            MemorySegment buffer = buffers[turn % buffers.length];
            int count = connection.read(buffer);
            if (count < 0) {
                return total;
            }
            check(buffer.asSlice(0, count), total);
            total += count;
        }
    }

    /** Compares what was read with the part that begins at {@code offset}. */
    void check(MemorySegment read, long offset) {
        if (offset + read.byteSize() > bytes.byteSize()) {
            throw new AssertionError("more bytes than were sent: " + (offset + read.byteSize()));
        }
        long fault = MemorySegment.mismatch(
                read, 0, read.byteSize(), bytes, offset, offset + read.byteSize());
        if (fault >= 0) {
            throw new AssertionError("byte " + (offset + fault) + " is wrong");
        }
    }
}
