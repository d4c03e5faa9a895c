package dev.gyre.io;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Iterator;
import java.util.List;

/** Takes bytes in pieces of chosen lengths at most. Where the length is 0, a write fails, and the next goes on. */
final class MemorySink implements Sink {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final Iterator<Integer> pieces;
    private int writes;
    private int failures;
    private boolean closed;

    MemorySink(List<Integer> pieces) {
        this.pieces = pieces.iterator();
    }

    byte[] content() {
        return content.toByteArray();
    }

    /** How many writes there were. */
    int writes() {
        return writes;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public int write(MemorySegment buffer) throws IoException {
        if (closed) {
            throw Operation.WRITE.failure(Reason.CLOSED, this);
        }
        int piece = pieces.hasNext() ? pieces.next() : Integer.MAX_VALUE;
        if (piece == 0) {
            failures++;
            if (failures % 2 == 0) {
                throw new CanceledException();
            }
            throw Operation.WRITE.failure(Reason.BROKEN_PIPE, this);
        }
        writes++;
        int count = (int) Math.min(piece, buffer.byteSize());
        content.writeBytes(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
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
