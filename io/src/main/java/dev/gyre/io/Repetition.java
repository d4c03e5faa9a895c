package dev.gyre.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;

/** Writing the same bytes many times: in blocks of them, many of which go in one vectored write. */
final class Repetition {
    /** So much is copied together, that each of an operation's buffers is worth its place. */
    private static final int BLOCK = 64 * 1024;

    /** So many buffers does one operation take. */
    private static final int BUFFERS_MAX = 1024;

    private Repetition() {}

    static void write(Sink sink, MemorySegment pattern, long times) throws IoException {
        if (times < 0) {
            throw new IllegalArgumentException("times " + times + " is negative");
        }
        long length = pattern.byteSize();
        if (length == 0 || times == 0) {
            return;
        }
        long copies = Math.clamp(BLOCK / length, 1, times);
        if (copies == 1) {
            writeBlocks(sink, pattern, times);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(copies * length, Long.BYTES);
            for (long i = 0; i < copies; i++) {
                MemorySegment.copy(pattern, 0, block, i * length, length);
            }
            writeBlocks(sink, block, times / copies);
            sink.writeAll(block.asSlice(0, times % copies * length));
        }
    }

    private static void writeBlocks(Sink sink, MemorySegment block, long times) throws IoException {
        for (long left = times; left > 0; left -= BUFFERS_MAX) {
            sink.writeAll(Collections.nCopies((int) Math.min(left, BUFFERS_MAX), block));
        }
    }
}
