package dev.gyre.examples.chat;

import dev.gyre.process.Framing;
import java.util.Arrays;

/**
 * Lines; and of one that is too long, pieces that do not end with LF. So it costs no memory, and can be answered:
 * {@link Framing#LINE} would hang up on who sends it.
 *
 * @param max how many bytes a line may have, with its end
 */
record BoundedLines(int max) implements Framing {
    @Override
    public long length(byte[] buffer, int offset, int count, int seen) {
        int end = Math.min(count, max);
        for (int i = seen; i < end; i++) {
            if (buffer[offset + i] == '\n') {
                return i + 1L;
            }
        }
        return count < max ? 0 : max;
    }

    @Override
    public byte[] decode(byte[] buffer, int offset, int length) {
        return Arrays.copyOfRange(buffer, offset, offset + length);
    }

    @Override
    public byte[] encode(byte[] payload) {
        return payload;
    }
}
