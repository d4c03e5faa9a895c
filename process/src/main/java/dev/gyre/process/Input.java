package dev.gyre.process;

import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What has been read from a connection and not been taken. A connection that waits has little memory for it; a peer
 * that fills that gets more, up to the receive buffer, and for a longer frame as much as has come of it, twice. For one
 * thread at a time.
 */
final class Input {
    private static final int BUFFER_MIN = 1 << 11;
    private static final byte[] NONE = new byte[0];

    private final Connection connection;
    private final int frameMax;
    private final int bufferMax;

    private Framing framing;

    private byte[] buffer = NONE;
    private MemorySegment memory = MemorySegment.ofArray(NONE);
    private int start;
    private int end;

    /** How many bytes from the start on cannot be told a frame's length from. */
    private int seen;

    /** How many bytes from the start on are the next to take; 0 if that is not known. */
    private int next;

    Input(Connection connection, TcpOptions options) {
        this.connection = connection;
        framing = options.framing();
        frameMax = options.frameMax();
        bufferMax = options.receiveBuffer();
    }

    /** Divides all that was not taken in another way. */
    void setFraming(Framing frames) {
        framing = frames;
        next = 0;
        seen = 0;
    }

    /** Whether so many bytes are there, or, for 0, whatever is or a frame. */
    boolean has(int length) throws IoException {
        if (length > 0) {
            next = end - start < length ? 0 : length;
        } else if (next == 0 && end > start) {
            next = framing == Framing.RAW ? Math.min(end - start, bufferMax) : frame();
        }
        return next > 0;
    }

    /** How long the first frame is; 0 if not all of it is there. */
    private int frame() throws IoException {
        int count = end - start;
        long length = framing.length(buffer, start, count, seen);
        if (length < 0) {
            throw new IllegalStateException(framing + " says that a frame has " + length + " bytes");
        }
        if (length > frameMax || (length == 0 && count >= frameMax)) {
            throw Operation.READ_BUFFERED.failure(
                    Reason.TOO_LONG, connection + " (a frame has at most " + frameMax + " bytes)");
        }
        seen = count;
        return length > count ? 0 : (int) length;
    }

    /** Takes what was found to be there: so many bytes as they are, or, for 0, a frame. */
    byte[] take(int length) {
        byte[] taken = length > 0 || framing == Framing.RAW
                ? Arrays.copyOfRange(buffer, start, start + next)
                : framing.decode(buffer, start, next);
        start += next;
        next = 0;
        seen = 0;
        return taken;
    }

    /**
     * Waits for more. False at the end of the stream.
     *
     * @param length for how many there is to be room at last; 0 for a frame
     */
    boolean fill(int length) throws IoException {
        makeRoom(length);
        int room = Math.min(buffer.length - end, bufferMax);
        int count = connection.read(end == 0 && room == buffer.length ? memory : memory.asSlice(end, room));
        if (count < 0) {
            return false;
        }
        end += count;
        return true;
    }

    /** The end of the stream: was it one of a frame as well? What there is of one is told once. */
    void requireWhole() throws IoException {
        if (framing != Framing.RAW && end > start) {
            int count = end - start;
            drop();
            throw Operation.READ_BUFFERED.failure(
                    Reason.END_OF_STREAM, connection + " (" + count + " bytes of an unfinished frame)");
        }
    }

    /** Forgets all that is there. */
    void drop() {
        start = 0;
        end = 0;
        next = 0;
        seen = 0;
    }

    private void makeRoom(int length) {
        int count = end - start;
        if (count == 0) {
            // Filled to its end: the peer sends much, and a larger buffer takes it at once.
            boolean filled = end == buffer.length;
            start = 0;
            end = 0;
            if (buffer.length > Math.max(bufferMax, BUFFER_MIN)) {
                resize(Math.min(BUFFER_MIN, bufferMax));
            } else if (filled && buffer.length < bufferMax) {
                resize((int) Math.min(Math.max(2L * buffer.length, BUFFER_MIN), bufferMax));
            }
        } else if (end == buffer.length && start > 0) {
            System.arraycopy(buffer, start, buffer, 0, count);
            start = 0;
            end = count;
        } else if (end == buffer.length) {
            // Of what is bounded, as much as has come, so that nobody has to trust a length.
            long bound = Math.max(Math.max(length, framing == Framing.RAW ? 0 : frameMax), bufferMax);
            resize((int) Math.min(2L * buffer.length, bound));
        }
    }

    private void resize(int size) {
        byte[] other = new byte[size];
        System.arraycopy(buffer, start, other, 0, end - start);
        end -= start;
        start = 0;
        buffer = other;
        memory = MemorySegment.ofArray(other);
    }

    /** What is there, for reports. */
    @Override
    public String toString() {
        return (end - start) + " bytes";
    }
}
