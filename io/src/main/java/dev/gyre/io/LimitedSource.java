package dev.gyre.io;

import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/** The next bytes of a source, which stays open when this is closed. */
final class LimitedSource implements Source {
    private final Source below;
    private long left;
    private volatile boolean closed;

    LimitedSource(Source below, long max) {
        BufferedSource.requireNotNegative(max);
        this.below = below;
        this.left = max;
    }

    @Override
    public int read(MemorySegment buffer) throws IoException {
        requireOpen();
        if (left == 0) {
            return buffer.byteSize() == 0 ? 0 : -1;
        }
        int count = below.read(buffer.byteSize() <= left ? buffer : buffer.asSlice(0, left));
        left -= Math.max(count, 0);
        return count;
    }

    @Override
    public long transferTo(Sink sink, long max, LongConsumer moved) throws IoException {
        requireOpen();
        BufferedSource.requireNotNegative(max);
        long before = left;
        left = 0; // how much a copy has taken that fails is unknown
        long count = below.transferTo(sink, Math.min(before, max), moved);
        left = before - count;
        return count;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return below.toString();
    }

    private void requireOpen() throws IoException {
        if (closed) {
            throw Operation.READ_BUFFERED.failure(Reason.CLOSED, below);
        }
    }
}
