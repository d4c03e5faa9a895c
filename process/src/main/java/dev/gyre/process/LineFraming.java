package dev.gyre.process;

import java.util.Arrays;

/** Lines that end with LF. */
final class LineFraming implements Framing {
    @Override
    public long length(byte[] buffer, int offset, int count, int seen) {
        for (int i = seen; i < count; i++) {
            if (buffer[offset + i] == '\n') {
                return i + 1L;
            }
        }
        return 0;
    }

    @Override
    public byte[] decode(byte[] buffer, int offset, int length) {
        return Arrays.copyOfRange(buffer, offset, offset + length);
    }

    @Override
    public byte[] encode(byte[] payload) {
        return payload;
    }

    @Override
    public String toString() {
        return "LINE";
    }
}
