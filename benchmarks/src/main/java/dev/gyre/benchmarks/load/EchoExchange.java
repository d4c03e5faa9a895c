package dev.gyre.benchmarks.load;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Messages that come back unchanged.
 *
 * <p>A message holds a pattern, and in front (if there is room) the connection's number and the request's, so that an
 * answer to somebody else, or to an earlier request, is not mistaken for the right one.
 */
final class EchoExchange implements Exchange {
    /** Large enough for the stamp. */
    private static final int STAMP_SIZE = Long.BYTES;

    private final int size;
    private final MemorySegment[] requests;
    private final int[] received;
    private final int[] sequence;

    EchoExchange(Arena arena, int connections, int size) {
        this.size = size;
        requests = new MemorySegment[connections];
        received = new int[connections];
        sequence = new int[connections];
        for (int i = 0; i < connections; i++) {
            requests[i] = arena.allocate(size, Long.BYTES);
            for (int at = 0; at < size; at++) {
                requests[i].set(ValueLayout.JAVA_BYTE, at, (byte) (i + at));
            }
            renew(i);
        }
    }

    @Override
    public MemorySegment[] requests() {
        return requests.clone();
    }

    @Override
    public void renew(int connection) {
        int number = ++sequence[connection];
        if (size >= STAMP_SIZE) {
            requests[connection].set(ValueLayout.JAVA_LONG, 0, (long) connection << 32 | number);
        } else {
            requests[connection].set(ValueLayout.JAVA_BYTE, 0, (byte) number);
        }
    }

    @Override
    public boolean take(int connection, MemorySegment memory, long offset, int length) throws IOException {
        int before = received[connection];
        if (length > size - before) {
            throw new IOException(
                    "connection " + connection + ": " + (before + length) + " bytes came back of " + size);
        }
        long different = MemorySegment.mismatch(
                requests[connection], before, before + (long) length, memory, offset, offset + length);
        if (different >= 0) {
            throw new IOException("connection " + connection + ", request " + sequence[connection] + ": byte "
                    + (before + different) + " came back changed");
        }
        received[connection] = before + length == size ? 0 : before + length;
        return before + length == size;
    }
}
