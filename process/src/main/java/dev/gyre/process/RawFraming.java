package dev.gyre.process;

import java.util.Arrays;

/** No frames. */
final class RawFraming implements Framing {
    @Override
    public long length(byte[] buffer, int offset, int count, int seen) {
        return count;
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
        return "RAW";
    }
}
