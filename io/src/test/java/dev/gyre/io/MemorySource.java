package dev.gyre.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Iterator;
import java.util.List;

/** Bytes in memory that come in pieces of chosen lengths. Where the length is 0, a read fails, and the next goes on. */
final class MemorySource implements Source {
    private final byte[] content;
    private final Iterator<Integer> pieces;
    private int at;
    private int failures;
    private boolean closed;

    MemorySource(byte[] content, List<Integer> pieces) {
        this.content = content;
        this.pieces = pieces.iterator();
    }

    /** How many reads have failed. */
    int failures() {
        return failures;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public int read(MemorySegment buffer) throws IoException {
        if (closed) {
            throw Operation.READ.failure(Reason.CLOSED, this);
        }
        int piece = pieces.hasNext() ? pieces.next() : Integer.MAX_VALUE;
        if (piece == 0) {
            failures++;
            if (failures % 2 == 0) {
                throw new CanceledException();
            }
            throw Operation.READ.failure(Reason.CONNECTION_RESET, this);
        }
        if (buffer.byteSize() == 0) {
            throw new AssertionError("who has no room asks for nothing");
        }
        if (at == content.length) {
            return -1;
        }
        int count = (int) Math.min(Math.min(piece, content.length - at), buffer.byteSize());
        MemorySegment.copy(content, at, buffer, ValueLayout.JAVA_BYTE, 0, count);
        at += count;
        return count;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return "memory";
    }
}
