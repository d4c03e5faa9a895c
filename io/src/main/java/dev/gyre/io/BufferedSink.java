package dev.gyre.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A sink with a buffer in front of another one: many small writes become few.
 *
 * {@snippet :
 * try (BufferedSink out = new BufferedSink(connection)) {
 *     out.writeText("HELLO ");
 *     out.writeInt(7);
 *     out.flush();
 * }
 * }
 *
 * <p>What is written goes on when the buffer is full, at {@link #flush()}, and at {@link #close()}; what is as large as
 * the buffer goes past it. <b>Nothing is lost</b>: when the sink below fails or the task is canceled, what it has not
 * taken is still here, as {@link #buffered()} says, and goes on with the next flush. Only of a write that goes past
 * the buffer is it unknown how much went out.
 *
 * <p>The buffer is a heap array, garbage when the sink is.
 *
 * <p><b>Threads.</b> One task at a time uses it, {@link #close()} included, since that writes as well. Who is to end it
 * from elsewhere closes the sink below. Everything that writes may have to wait and is a cancellation point then.
 *
 * <p>Every method that writes throws {@link IoException} with what the sink below fails with, or
 * {@link Reason#CLOSED}, and {@link CanceledException} if the calling task is to stop.
 */
public final class BufferedSink implements Sink {
    /** How many bytes there is room for unless something else is asked for. */
    public static final int CAPACITY = BufferedSource.CAPACITY;

    /** How many bytes there is room for at least. */
    public static final int CAPACITY_MIN = BufferedSource.CAPACITY_MIN;

    /** So many bytes a code point takes at most. */
    private static final int UTF_8_BYTES_MAX = 4;

    private final Sink below;
    private final byte[] buffer;
    private final MemorySegment memory;

    /** What is there, from here to {@link #end}. */
    private int start;

    private int end;
    private boolean closed;

    /**
     * With room for {@value #CAPACITY} bytes.
     *
     * @param below is written to by nobody else from now on, and closed together with this
     */
    public BufferedSink(Sink below) {
        this(below, CAPACITY);
    }

    /**
     * With a buffer of this size.
     *
     * @param below is written to by nobody else from now on, and closed together with this
     * @param capacity in bytes, {@value #CAPACITY_MIN} or more
     * @throws IllegalArgumentException if the capacity is less
     */
    public BufferedSink(Sink below, int capacity) {
        this.below = Objects.requireNonNull(below);
        this.buffer = new byte[BufferedSource.requireCapacity(capacity)];
        this.memory = MemorySegment.ofArray(buffer);
    }

    Sink below() {
        return below;
    }

    /**
     * How many bytes are here that the sink below has not taken.
     *
     * @return 0 to the capacity
     */
    public int buffered() {
        return end - start;
    }

    /**
     * {@inheritDoc}
     *
     * <p>What fits into the buffer is taken as a whole.
     */
    @Override
    public int write(MemorySegment from) throws IoException {
        requireOpen();
        if (isTooLarge(from.byteSize())) {
            int count = writeBoth(from);
            drain();
            return count > 0 ? count : below.write(from);
        }
        put(from);
        return (int) from.byteSize();
    }

    @Override
    public void writeAll(MemorySegment from) throws IoException {
        requireOpen();
        if (isTooLarge(from.byteSize())) {
            writePast(from);
        } else {
            put(from);
        }
    }

    @Override
    public void writeAll(byte[] from) throws IoException {
        writeAll(from, 0, from.length);
    }

    @Override
    public void writeAll(byte[] from, int offset, int length) throws IoException {
        Objects.checkFromIndexSize(offset, length, from.length);
        requireOpen();
        if (isTooLarge(length)) {
            writePast(MemorySegment.ofArray(from).asSlice(offset, length));
        } else {
            System.arraycopy(from, offset, buffer, reserve(length), length);
        }
    }

    /**
     * Writes a byte.
     *
     * @param value of which the lowest eight bits count
     * @throws IoException as said above
     */
    public void writeByte(int value) throws IoException {
        requireOpen();
        buffer[reserve(1)] = (byte) value;
    }

    /**
     * Writes two bytes, the higher first.
     *
     * @param value of which the lowest sixteen bits count
     * @throws IoException as said above
     */
    public void writeShort(int value) throws IoException {
        requireOpen();
        ByteArrays.SHORT.set(buffer, reserve(Short.BYTES), (short) value);
    }

    /**
     * Writes two bytes.
     *
     * @param value of which the lowest sixteen bits count
     * @param order which byte comes first
     * @throws IoException as said above
     */
    public void writeShort(int value, ByteOrder order) throws IoException {
        writeShort(ByteArrays.isBig(order) ? value : Short.reverseBytes((short) value));
    }

    /**
     * Writes four bytes, the highest first.
     *
     * @param value any
     * @throws IoException as said above
     */
    public void writeInt(int value) throws IoException {
        requireOpen();
        ByteArrays.INT.set(buffer, reserve(Integer.BYTES), value);
    }

    /**
     * Writes four bytes.
     *
     * @param value any
     * @param order which byte comes first
     * @throws IoException as said above
     */
    public void writeInt(int value, ByteOrder order) throws IoException {
        writeInt(ByteArrays.isBig(order) ? value : Integer.reverseBytes(value));
    }

    /**
     * Writes eight bytes, the highest first.
     *
     * @param value any
     * @throws IoException as said above
     */
    public void writeLong(long value) throws IoException {
        requireOpen();
        ByteArrays.LONG.set(buffer, reserve(Long.BYTES), value);
    }

    /**
     * Writes eight bytes.
     *
     * @param value any
     * @param order which byte comes first
     * @throws IoException as said above
     */
    public void writeLong(long value, ByteOrder order) throws IoException {
        writeLong(ByteArrays.isBig(order) ? value : Long.reverseBytes(value));
    }

    /**
     * Writes text as UTF-8, without a copy of it. An unpaired surrogate becomes a question mark.
     *
     * @param text any
     * @throws IoException as said above; a beginning of the text may have been written
     */
    public void writeText(CharSequence text) throws IoException {
        requireOpen();
        int at = 0;
        while (at < text.length()) {
            if (buffer.length - end < UTF_8_BYTES_MAX) {
                flush();
            }
            at = encode(text, at);
        }
    }

    /**
     * Writes one byte again and again.
     *
     * @param value of which the lowest eight bits count
     * @param count how often, 0 or more
     * @throws IoException as said above; some of them may have been written
     * @throws IllegalArgumentException if the count is negative
     */
    public void splat(int value, long count) throws IoException {
        BufferedSource.requireNotNegative(count);
        requireOpen();
        long left = count;
        while (left > 0) {
            if (end == buffer.length) {
                flush();
            }
            int step = (int) Math.min(left, buffer.length - end);
            Arrays.fill(buffer, end, end + step, (byte) value);
            end += step;
            left -= step;
        }
    }

    /**
     * Writes a pattern again and again.
     *
     * @param pattern what to write
     * @param count how often, 0 or more
     * @throws IoException as said above; some of it may have been written
     * @throws IllegalArgumentException if the count is negative
     */
    public void splat(byte[] pattern, long count) throws IoException {
        BufferedSource.requireNotNegative(count);
        if (pattern.length > 0) {
            for (long left = count; left > 0; left--) {
                writeAll(pattern);
            }
        }
    }

    /**
     * Hands everything that is here on to the sink below.
     *
     * @throws IoException as said above; what was not taken is still here
     */
    public void flush() throws IoException {
        requireOpen();
        drain();
    }

    /**
     * Hands everything on and closes the sink below, in any case. Closing again does nothing. In a task that is to stop
     * nothing is handed on; {@link Tasks#protect} where it must be.
     *
     * @throws IoException as said above, or a reason of {@link Operation#CLOSE}; it is closed all the same
     * @throws CanceledException if the calling task is to stop and something was here; it is closed all the same
     */
    @Override
    public void close() throws IoException {
        if (closed) {
            return;
        }
        closed = true;
        try (Sink _ = below) {
            drain();
        }
    }

    /**
     * What it writes to.
     *
     * @return the text of the sink below
     */
    @Override
    public String toString() {
        return below.toString();
    }

    private void drain() throws IoException {
        while (start < end) {
            start += below.write(memory.asSlice(start, end - start));
        }
        start = end = 0;
    }

    private void writePast(MemorySegment from) throws IoException {
        int count = writeBoth(from);
        drain();
        below.writeAll(count == 0 ? from : from.asSlice(count));
    }

    /** Writes what is here and what comes next, together where the sink below can. Answers how much of the latter. */
    private int writeBoth(MemorySegment from) throws IoException {
        if (buffered() == 0) {
            return 0;
        }
        int count = below.write(List.of(memory.asSlice(start, buffered()), from));
        int ofBuffer = Math.min(count, buffered());
        start += ofBuffer;
        return count - ofBuffer;
    }

    private void requireOpen() throws IoException {
        if (closed) {
            throw Operation.WRITE.failure(Reason.CLOSED, below);
        }
    }

    /** Whether so much goes past the buffer. */
    private boolean isTooLarge(long length) {
        return length >= buffer.length && length > buffer.length - end;
    }

    private void put(MemorySegment from) throws IoException {
        int length = (int) from.byteSize();
        int at = reserve(length);
        boolean copied = false;
        try {
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, buffer, at, length);
            copied = true;
        } finally {
            if (!copied) {
                end = at;
            }
        }
    }

    /** Makes room for so many bytes, which are not more than the capacity. Answers where they are to go. */
    private int reserve(int count) throws IoException {
        if (buffer.length - end < count) {
            drain();
        }
        int at = end;
        end += count;
        return at;
    }

    /** Puts as many characters as there is certainly room for. Answers which one comes next. */
    private int encode(CharSequence text, int from) {
        int at = from;
        int to = end;
        for (; at < text.length() && to <= buffer.length - UTF_8_BYTES_MAX; at++) {
            char one = text.charAt(at);
            if (one < 0x80) {
                buffer[to++] = (byte) one;
            } else if (one < 0x800) {
                buffer[to++] = (byte) (0xc0 | (one >> 6));
                buffer[to++] = continuation(one);
            } else if (!Character.isSurrogate(one)) {
                buffer[to++] = (byte) (0xe0 | (one >> 12));
                buffer[to++] = continuation(one >> 6);
                buffer[to++] = continuation(one);
            } else if (isPair(text, at)) {
                int point = Character.toCodePoint(one, text.charAt(++at));
                buffer[to++] = (byte) (0xf0 | (point >> 18));
                buffer[to++] = continuation(point >> 12);
                buffer[to++] = continuation(point >> 6);
                buffer[to++] = continuation(point);
            } else {
                buffer[to++] = '?';
            }
        }
        end = to;
        return at;
    }

    /** A byte of UTF-8 that is not the first, with the lowest six bits. */
    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3f));
    }

    private static boolean isPair(CharSequence text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1));
    }
}
