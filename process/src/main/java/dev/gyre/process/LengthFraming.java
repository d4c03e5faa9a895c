package dev.gyre.process;

import java.util.Arrays;

/** Frames with their length before them, in network byte order. */
final class LengthFraming implements Framing {
    private final int header;
    private final long payloadMax;

    LengthFraming(int header) {
        this.header = header;
        payloadMax = Math.min((1L << (8 * header)) - 1, Integer.MAX_VALUE - 16);
    }

    @Override
    public long length(byte[] buffer, int offset, int count, int seen) {
        if (count < header) {
            return 0;
        }
        long length = 0;
        for (int i = 0; i < header; i++) {
            length = (length << 8) | (buffer[offset + i] & 0xff);
        }
        return header + length;
    }

    @Override
    public byte[] decode(byte[] buffer, int offset, int length) {
        return Arrays.copyOfRange(buffer, offset + header, offset + length);
    }

    @Override
    public byte[] encode(byte[] payload) {
        if (payload.length > payloadMax) {
            throw new IllegalArgumentException(
                    payload.length + " bytes are too many for " + this + ", which carries " + payloadMax + " at most");
        }
        byte[] frame = new byte[header + payload.length];
        for (int i = 0; i < header; i++) {
            frame[i] = (byte) (payload.length >>> (8 * (header - 1 - i)));
        }
        System.arraycopy(payload, 0, frame, header, payload.length);
        return frame;
    }

    @Override
    public String toString() {
        return "LENGTH_" + header;
    }
}
