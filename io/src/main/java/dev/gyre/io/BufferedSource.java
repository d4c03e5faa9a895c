package dev.gyre.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A source with a buffer in front of another one: numbers, lines, frames.
 *
 * {@snippet :
 * try (BufferedSource lines = new BufferedSource(connection)) {
 *     for (String line = lines.readLine(1000); line != null; line = lines.readLine(1000)) {
 *         answer(line);
 *     }
 * }
 * }
 *
 * <p><b>All or nothing.</b> What takes a number of bytes, a line or a frame takes it when all of it is there. Where it
 * is not to be had, since the stream has ended ({@link Reason#END_OF_STREAM}), since it is longer than the caller
 * allows ({@link Reason#TOO_LONG}), since the source below fails or the task is canceled, what had come stays here,
 * is counted by {@link #buffered()}, and is what is read next. The exceptions are bytes that are to go elsewhere, more
 * than the buffer takes: {@link #readFully(MemorySegment)}, {@link #skip} and {@link #transferTo} have moved what
 * {@link #position()} says.
 *
 * <p><b>The buffer</b> is a heap array, garbage when the source is. It grows beyond its capacity while a line or a
 * frame of the caller's limit asks for that, to twice the limit at most, and becomes small again when it is empty.
 * Large reads into an empty buffer go past it.
 *
 * <p><b>Threads.</b> One task at a time reads; any thread may call {@link #close()}. Whatever finds too few bytes in
 * the buffer waits for more, and is a cancellation point then.
 *
 * <p>Every method that reads throws {@link IoException} with what the source below fails with, or a reason of
 * {@link Operation#READ_BUFFERED}, and {@link CanceledException} if the calling task is to stop.
 */
public final class BufferedSource implements Source {
    /** How many bytes there is room for unless something else is asked for. */
    public static final int CAPACITY = 8 * 1024;

    /** How many bytes there is room for at least. */
    public static final int CAPACITY_MIN = 16;

    /** So much is copied at once: fewer bytes cost more per byte, more are no faster. */
    private static final int COPIED_PIECE = 64 * 1024;

    /** The longest array that every virtual machine makes. */
    private static final int ARRAY_MAX = Integer.MAX_VALUE - 8;

    private static final byte[] LF = {'\n'};

    private final Source below;
    private final byte[] own;
    private final MemorySegment ownMemory;

    /** {@link #own}, or a longer one. */
    private byte[] buffer;

    private MemorySegment memory;

    /** What is there, from here to {@link #end}. */
    private int start;

    private int end;
    private long position;
    private volatile boolean closed;

    /**
     * With room for {@value #CAPACITY} bytes.
     *
     * @param below is read by nobody else from now on, and closed together with this
     */
    public BufferedSource(Source below) {
        this(below, CAPACITY);
    }

    /**
     * With a buffer of this size.
     *
     * @param below is read by nobody else from now on, and closed together with this
     * @param capacity in bytes, {@value #CAPACITY_MIN} or more
     * @throws IllegalArgumentException if the capacity is less
     */
    public BufferedSource(Source below, int capacity) {
        this.below = Objects.requireNonNull(below);
        this.own = new byte[requireCapacity(capacity)];
        this.ownMemory = MemorySegment.ofArray(own);
        this.buffer = own;
        this.memory = ownMemory;
    }

    static int requireCapacity(int capacity) {
        if (capacity < CAPACITY_MIN) {
            throw new IllegalArgumentException("a capacity of " + capacity + " is less than " + CAPACITY_MIN);
        }
        return capacity;
    }

    /**
     * How many bytes are here, to be had without waiting.
     *
     * @return 0 or more
     */
    public int buffered() {
        return end - start;
    }

    /**
     * How many bytes were taken from here since it was made: how much has gone, where a call that moves many was
     * canceled or has failed.
     *
     * @return 0 or more
     */
    public long position() {
        return position;
    }

    /**
     * Whether the stream has ended: waits until there is a byte, or the end.
     *
     * @return false if there is a byte
     * @throws IoException as said above
     */
    public boolean isAtEnd() throws IoException {
        return !request(1);
    }

    /**
     * Waits until so many bytes are here, or the stream has ended before. Takes none.
     *
     * @param count 0 to the capacity
     * @return whether they are here
     * @throws IoException as said above
     * @throws IllegalArgumentException if the count is out of range
     */
    public boolean request(int count) throws IoException {
        if (count < 0 || count > own.length) {
            throw new IllegalArgumentException(
                    "count " + count + " is not from 0 to the buffer's capacity of " + own.length);
        }
        return await(count);
    }

    /**
     * The next byte, without taking it.
     *
     * @return 0 to 255; -1 at the end
     * @throws IoException as said above
     */
    public int peek() throws IoException {
        return await(1) ? Byte.toUnsignedInt(buffer[start]) : -1;
    }

    /**
     * The next bytes, without taking them.
     *
     * @param count 0 to the capacity
     * @return so many, fewer only if the stream ends there; a read-only view of the buffer, valid until the next call
     * @throws IoException as said above
     * @throws IllegalArgumentException if the count is out of range
     */
    public MemorySegment peek(int count) throws IoException {
        int there = request(count) ? count : buffered();
        return memory.asSlice(start, there).asReadOnly();
    }

    /**
     * Takes a byte.
     *
     * @return 0 to 255; -1 at the end
     * @throws IoException as said above
     */
    public int read() throws IoException {
        return await(1) ? Byte.toUnsignedInt(buffer[take(1)]) : -1;
    }

    @Override
    public int read(MemorySegment target) throws IoException {
        if (buffered() == 0 && target.byteSize() >= own.length) {
            requireOpen();
            int count = below.read(target);
            position += Math.max(count, 0);
            return count;
        }
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("the buffer to read into is read-only");
        }
        if (target.byteSize() == 0) {
            return 0;
        }
        return await(1) ? moveTo(target, 0) : -1;
    }

    @Override
    public int read(byte[] target) throws IoException {
        return read(target, 0, target.length);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IoException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (buffered() == 0 && length >= own.length) {
            return read(MemorySegment.ofArray(target).asSlice(offset, length));
        }
        if (length == 0) {
            return 0;
        }
        return await(1) ? moveTo(target, offset, length) : -1;
    }

    /**
     * Takes a byte that must be there.
     *
     * @return the byte
     * @throws IoException as said above; {@link Reason#END_OF_STREAM} if there is none
     */
    public byte readByte() throws IoException {
        requireBytes(1);
        return buffer[take(1)];
    }

    /**
     * Takes two bytes, the higher first.
     *
     * @return their number
     * @throws IoException as said above; {@link Reason#END_OF_STREAM} if there are fewer
     */
    public short readShort() throws IoException {
        requireBytes(Short.BYTES);
        return (short) ByteArrays.SHORT.get(buffer, take(Short.BYTES));
    }

    /**
     * Takes two bytes.
     *
     * @param order which one comes first
     * @return their number
     * @throws IoException as said above; {@link Reason#END_OF_STREAM} if there are fewer
     */
    public short readShort(ByteOrder order) throws IoException {
        short number = readShort();
        return ByteArrays.isBig(order) ? number : Short.reverseBytes(number);
    }

    /**
     * Takes four bytes, the highest first.
     *
     * @return their number
     * @throws IoException as said above; {@link Reason#END_OF_STREAM} if there are fewer
     */
    public int readInt() throws IoException {
        requireBytes(Integer.BYTES);
        return (int) ByteArrays.INT.get(buffer, take(Integer.BYTES));
    }

    /**
     * Takes four bytes.
     *
     * @param order which one comes first
     * @return their number
     * @throws IoException as said above; {@link Reason#END_OF_STREAM} if there are fewer
     */
    public int readInt(ByteOrder order) throws IoException {
        int number = readInt();
        return ByteArrays.isBig(order) ? number : Integer.reverseBytes(number);
    }

    /**
     * Takes eight bytes, the highest first.
     *
     * @return their number
     * @throws IoException as said above; {@link Reason#END_OF_STREAM} if there are fewer
     */
    public long readLong() throws IoException {
        requireBytes(Long.BYTES);
        return (long) ByteArrays.LONG.get(buffer, take(Long.BYTES));
    }

    /**
     * Takes eight bytes.
     *
     * @param order which one comes first
     * @return their number
     * @throws IoException as said above; {@link Reason#END_OF_STREAM} if there are fewer
     */
    public long readLong(ByteOrder order) throws IoException {
        long number = readLong();
        return ByteArrays.isBig(order) ? number : Long.reverseBytes(number);
    }

    /**
     * Fills a buffer. One that is larger than this source's has its beginning filled where the rest is not to be had;
     * {@link #position()} has moved by so much.
     *
     * @param target writable
     * @throws IoException as said above; {@link Reason#END_OF_STREAM} if there are fewer bytes
     * @throws IllegalArgumentException if the buffer is read-only
     */
    public void readFully(MemorySegment target) throws IoException {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("the buffer to read into is read-only");
        }
        long filled = 0;
        while (target.byteSize() - filled > own.length) {
            int count = buffered() > 0 ? moveTo(target, filled) : read(target.asSlice(filled));
            if (count < 0) {
                throw ended(filled, target.byteSize());
            }
            filled += count;
        }
        int rest = (int) (target.byteSize() - filled);
        if (!await(rest)) {
            throw ended(filled + buffered(), target.byteSize());
        }
        moveTo(target, filled);
    }

    /**
     * As {@link #readFully(MemorySegment)}.
     *
     * @param target to fill
     * @throws IoException as said above; {@link Reason#END_OF_STREAM} if there are fewer bytes
     */
    public void readFully(byte[] target) throws IoException {
        readFully(target, 0, target.length);
    }

    /**
     * As {@link #readFully(MemorySegment)}.
     *
     * @param target to fill a part of
     * @param offset where that begins
     * @param length its length
     * @throws IoException as said above; {@link Reason#END_OF_STREAM} if there are fewer bytes
     * @throws IndexOutOfBoundsException if that is no part of the buffer
     */
    public void readFully(byte[] target, int offset, int length) throws IoException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length > own.length) {
            readFully(MemorySegment.ofArray(target).asSlice(offset, length));
        } else {
            requireBytes(length);
            moveTo(target, offset, length);
        }
    }

    /**
     * Takes so many bytes, all or none. The buffer grows for them: take a count that a peer has sent only after a look
     * at it.
     *
     * @param count 0 or more
     * @return them
     * @throws IoException as said above; {@link Reason#END_OF_STREAM} if there are fewer
     * @throws IllegalArgumentException if the count is negative
     */
    public byte[] readExactly(int count) throws IoException {
        requireNotNegative(count);
        requireBytes(count);
        return takeBytes(count, 0);
    }

    /**
     * Takes so many bytes of UTF-8, all or none, as {@link #readExactly}. What is malformed becomes U+FFFD.
     *
     * @param count of bytes, 0 or more
     * @return the text
     * @throws IoException as said above; {@link Reason#END_OF_STREAM} if there are fewer
     * @throws IllegalArgumentException if the count is negative
     */
    public String readText(int count) throws IoException {
        requireNotNegative(count);
        requireBytes(count);
        return takeText(count, 0);
    }

    /**
     * Takes bytes and throws them away.
     *
     * @param count 0 or more
     * @return how many these were: less only if the stream has ended
     * @throws IoException as said above; {@link #position()} has moved by what was skipped
     * @throws IllegalArgumentException if the count is negative
     */
    public long skip(long count) throws IoException {
        requireNotNegative(count);
        long left = count;
        while (left > 0 && await(1)) {
            int step = (int) Math.min(left, buffered());
            take(step);
            left -= step;
        }
        return count - left;
    }

    /**
     * Takes and throws away everything up to a byte, and that byte: how to go on after a line that was
     * {@link Reason#TOO_LONG}.
     *
     * @param delimiter for instance {@code '\n'}
     * @return whether it came; if not, the stream has ended
     * @throws IoException as said above; {@link #position()} has moved by what was skipped
     */
    public boolean skipPast(byte delimiter) throws IoException {
        while (await(1)) {
            int at = ByteArrays.find(delimiter, buffer, start, end);
            take(at < 0 ? buffered() : at - start + 1);
            if (at >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Looks for a byte, and waits for more until it is found. Takes nothing.
     *
     * @param wanted the byte
     * @param max how many bytes to look at, 0 or more
     * @return how many bytes come before it; -1 if it is not among the next {@code max} or the stream has ended
     * @throws IoException as said above
     * @throws IllegalArgumentException if the limit is negative
     */
    public int indexOf(byte wanted, int max) throws IoException {
        requireNotNegative(max);
        return seek(new byte[] {wanted}, max - 1L);
    }

    /**
     * Looks for a sequence of bytes, and waits for more until it is found. Takes nothing.
     *
     * @param wanted one byte or more
     * @param max how many bytes to look at, 0 or more; the sequence is among them
     * @return how many bytes come before it; -1 if it is not among the next {@code max} or the stream has ended
     * @throws IoException as said above
     * @throws IllegalArgumentException if the limit is negative, or nothing is looked for
     */
    public int indexOf(byte[] wanted, int max) throws IoException {
        requireNotNegative(max);
        return seek(ByteArrays.requireNotEmpty(wanted), (long) max - wanted.length);
    }

    /**
     * Takes a line of UTF-8 with the LF or CR LF that ends it. The last line may be without either. What is malformed
     * becomes U+FFFD.
     *
     * @param max how many bytes it may have, without its end; 0 or more
     * @return the line without its end; null at the end of the stream
     * @throws IoException as said above; {@link Reason#TOO_LONG} if it is longer: nothing is taken, and
     *     {@link #skipPast} is the way on
     * @throws IllegalArgumentException if the limit is negative
     */
    public @Nullable String readLine(int max) throws IoException {
        int line = awaitLine(max);
        return line < 0 ? null : takeText(line, lineEnd(line));
    }

    /**
     * As {@link #readLine}, without decoding.
     *
     * @param max how many bytes it may have, without its end; 0 or more
     * @return the line without its end; null at the end of the stream
     * @throws IoException as said above; {@link Reason#TOO_LONG} if it is longer
     * @throws IllegalArgumentException if the limit is negative
     */
    public byte @Nullable [] readLineBytes(int max) throws IoException {
        int line = awaitLine(max);
        return line < 0 ? null : takeBytes(line, lineEnd(line));
    }

    /**
     * Takes what comes before a byte, and that byte.
     *
     * @param delimiter the byte
     * @param max how many bytes may come before it, 0 or more
     * @return what came before it; null if the stream has ended and nothing came
     * @throws IoException as said above; {@link Reason#TOO_LONG} if more bytes come before it,
     *     {@link Reason#END_OF_STREAM} if the stream ends before it; nothing is taken
     * @throws IllegalArgumentException if the limit is negative
     */
    public byte @Nullable [] readUntil(byte delimiter, int max) throws IoException {
        return readUntil(new byte[] {delimiter}, max);
    }

    /**
     * Takes what comes before a sequence of bytes, and that sequence.
     *
     * @param delimiter one byte or more
     * @param max how many bytes may come before it, 0 or more
     * @return what came before it; null if the stream has ended and nothing came
     * @throws IoException as said above; {@link Reason#TOO_LONG} if more bytes come before it,
     *     {@link Reason#END_OF_STREAM} if the stream ends before it; nothing is taken
     * @throws IllegalArgumentException if the limit is negative, or the sequence is empty
     */
    public byte @Nullable [] readUntil(byte[] delimiter, int max) throws IoException {
        requireNotNegative(max);
        int at = seek(ByteArrays.requireNotEmpty(delimiter), max);
        if (at >= 0) {
            return takeBytes(at, delimiter.length);
        }
        if (buffered() >= (long) max + delimiter.length) {
            throw tooLong(max);
        }
        if (buffered() > 0) {
            throw Operation.READ_BUFFERED.failure(Reason.END_OF_STREAM, below + " up to a delimiter");
        }
        return null;
    }

    /**
     * Takes everything up to the end of the stream.
     *
     * @param max how many bytes these may be, 0 or more
     * @return them
     * @throws IoException as said above; {@link Reason#TOO_LONG} if there are more: nothing is taken
     * @throws IllegalArgumentException if the limit is negative
     */
    public byte[] readAll(int max) throws IoException {
        return takeBytes(awaitAll(max), 0);
    }

    /**
     * Takes everything up to the end of the stream, as UTF-8. What is malformed becomes U+FFFD.
     *
     * @param max how many bytes these may be, 0 or more
     * @return the text
     * @throws IoException as said above; {@link Reason#TOO_LONG} if there are more: nothing is taken
     * @throws IllegalArgumentException if the limit is negative
     */
    public String readAllText(int max) throws IoException {
        return takeText(awaitAll(max), 0);
    }

    /**
     * {@inheritDoc}
     *
     * <p>What is here goes first. Nothing is lost: when the sink fails or the task is canceled, what the sink has not
     * taken is still here, and {@link #position()} has moved by what it has. Only what the kernel copies from a file
     * does not come by here: then it is the file's own position that tells.
     */
    @Override
    public long transferTo(Sink sink, long max, LongConsumer moved) throws IoException {
        requireNotNegative(max);
        Sink target = Copying.past(sink);
        requireOpen();
        boolean byKernel = Copying.isByKernel(below, target);
        long copied = 0;
        while (copied < max) {
            if (buffered() == 0 && byKernel) {
                long rest = below.transferTo(target, max - copied, moved);
                position += rest;
                return copied + rest;
            }
            if (buffered() == 0 && !fill((int) Math.min(max - copied, Math.max(COPIED_PIECE, own.length)))) {
                break;
            }
            int count = target.write(memory.asSlice(start, Math.min(buffered(), max - copied)));
            take(count);
            copied += count;
            moved.accept(count);
        }
        return copied;
    }

    /**
     * {@inheritDoc}
     *
     * <p>What is here is lost, and nothing is read any more.
     */
    @Override
    public void close() throws IoException {
        closed = true;
        below.close();
    }

    /**
     * What it reads from.
     *
     * @return the text of the source below
     */
    @Override
    public String toString() {
        return below.toString();
    }

    /** Waits for so many bytes, growing for them if they are more than the capacity. */
    private boolean await(int count) throws IoException {
        requireOpen();
        while (buffered() < count) {
            if (!fill(buffered() < own.length ? Math.min(count, own.length) : buffered() + 1)) {
                return false;
            }
        }
        return true;
    }

    private void requireBytes(int count) throws IoException {
        if (!await(count)) {
            throw ended(buffered(), count);
        }
    }

    private void requireOpen() throws IoException {
        if (closed) {
            throw Operation.READ_BUFFERED.failure(Reason.CLOSED, below);
        }
    }

    /**
     * Takes what the source below has, and waits until that is at least one byte. False at the end.
     *
     * @param wanted for how many bytes there is to be room, together with those that are here
     */
    private boolean fill(int wanted) throws IoException {
        if (start == end && buffer != own && wanted <= own.length) {
            start = end = 0;
            use(own, ownMemory);
        } else if (wanted > buffer.length) {
            byte[] larger = new byte[Math.clamp(2L * buffer.length, wanted, Math.max(wanted, ARRAY_MAX))];
            moveTo(larger);
            use(larger, MemorySegment.ofArray(larger));
        } else if (start == end || start >= buffer.length / 2 || start + wanted > buffer.length) {
            moveTo(buffer);
        }
        int count = below.read(end == 0 ? memory : memory.asSlice(end));
        end += Math.max(count, 0);
        return count >= 0;
    }

    private void moveTo(byte[] array) {
        System.arraycopy(buffer, start, array, 0, end - start);
        end -= start;
        start = 0;
    }

    private void use(byte[] array, MemorySegment itsMemory) {
        buffer = array;
        memory = itsMemory;
    }

    /** Takes bytes. Answers where they begin. */
    private int take(int count) {
        int at = start;
        start += count;
        position += count;
        return at;
    }

    private byte[] takeBytes(int count, int more) {
        int at = take(count + more);
        return Arrays.copyOfRange(buffer, at, at + count);
    }

    private String takeText(int count, int more) {
        return new String(buffer, take(count + more), count, StandardCharsets.UTF_8);
    }

    /** Takes as much as is here and fits. */
    private int moveTo(MemorySegment target, long offset) {
        int count = (int) Math.min(buffered(), target.byteSize() - offset);
        MemorySegment.copy(buffer, start, target, ValueLayout.JAVA_BYTE, offset, count);
        take(count);
        return count;
    }

    private int moveTo(byte[] target, int offset, int length) {
        int count = Math.min(buffered(), length);
        System.arraycopy(buffer, start, target, offset, count);
        take(count);
        return count;
    }

    /** Waits for a line. Answers its length without its end, which {@link #lineEnd} tells; -1 at the end. */
    private int awaitLine(int max) throws IoException {
        requireNotNegative(max);
        int at = seek(LF, max + 1L);
        int length = at < 0 ? buffered() : at;
        if (at > 0 && buffer[start + at - 1] == '\r') {
            length--;
        }
        if (length > max) {
            throw tooLong(max);
        }
        return at < 0 && length == 0 ? -1 : length;
    }

    /** How many bytes end a line that is this long. */
    private int lineEnd(int length) {
        if (length == buffered()) {
            return 0;
        }
        return buffer[start + length] == '\r' ? 2 : 1;
    }

    private int awaitAll(int max) throws IoException {
        requireNotNegative(max);
        requireOpen();
        while (buffered() <= max) {
            if (!fill(buffered() + 1)) {
                return buffered();
            }
        }
        throw tooLong(max);
    }

    /**
     * Waits for a sequence of bytes.
     *
     * @param last how many bytes may come before it
     * @return how many come before it; -1 if there are more, or the stream has ended
     */
    private int seek(byte[] wanted, long last) throws IoException {
        requireOpen();
        int seen = 0;
        while (true) {
            int at = ByteArrays.find(wanted, buffer, start + seen, end);
            if (at >= 0) {
                return at - start <= last ? at - start : -1;
            }
            if (buffered() >= last + wanted.length) {
                return -1;
            }
            seen = Math.max(0, buffered() - wanted.length + 1);
            if (!fill(buffered() + 1)) {
                return -1;
            }
        }
    }

    private IoException ended(long there, long wanted) {
        return Operation.READ_BUFFERED.failure(
                Reason.END_OF_STREAM, below + " (" + there + " of " + wanted + " bytes)");
    }

    private IoException tooLong(int max) {
        return Operation.READ_BUFFERED.failure(Reason.TOO_LONG, below + " (at most " + max + " bytes)");
    }

    static void requireNotNegative(long count) {
        if (count < 0) {
            throw new IllegalArgumentException("count " + count + " is negative");
        }
    }
}
