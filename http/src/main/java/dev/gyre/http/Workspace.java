package dev.gyre.http;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * What a connection needs while it has something to do: a buffer for what comes in, one for what goes out, and a
 * parser. Of one connection at a time, and of none while that one only waits.
 *
 * <p>The memory goes when the collector finds the workspace unused, so no operation can outlive it.
 */
final class Workspace {
    /** Enough for several requests at once; a longer one is parsed in pieces. */
    static final int IN_BYTES = 8 << 10;

    /** Answers are gathered here, heads with short bodies, and go out together. */
    static final int OUT_BYTES = 32 << 10;

    /** What {@link #parser} has not consumed, from position to limit. */
    final ByteBuffer in;

    /** All of {@link #in}, for operations. */
    final MemorySegment inMemory;

    /** What was not sent yet, from 0 to position. */
    final ByteBuffer out;

    /** All of {@link #out}, for operations. */
    final MemorySegment outMemory;

    final RequestParser parser;

    Workspace(ServerLimits limits) {
        Arena arena = Arena.ofAuto();
        inMemory = arena.allocate(IN_BYTES);
        outMemory = arena.allocate(OUT_BYTES);
        in = inMemory.asByteBuffer();
        out = outMemory.asByteBuffer();
        parser = new RequestParser(limits);
        clear();
    }

    /** Empties both buffers and the parser. */
    void clear() {
        in.clear().limit(0);
        out.clear();
        parser.reset();
    }

    /** Whether {@link #out} takes this many bytes more. */
    boolean fits(int bytes) {
        return out.remaining() >= bytes;
    }

    /** The part of {@link #outMemory} that holds nothing, to read into. Valid until something is put there. */
    MemorySegment scratch() {
        return outMemory.asSlice(out.position());
    }

    /** The same memory as {@link #scratch()}. */
    ByteBuffer scratchBuffer() {
        return out.slice();
    }
}
