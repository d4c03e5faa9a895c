package dev.gyre.io;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Something that bytes are written to, in order: a connection, a file from its position on, the writing end of a pipe,
 * whatever is built on one. Where a reason of {@link Operation#WRITE} is named here, a {@link File} has one of
 * {@link Operation#WRITE_FILE}.
 *
 * <p>Buffers are memory of any kind, as for a {@link Source}. What another thread changes in a buffer during a write
 * may or may not be written; what it frees is not.
 */
public interface Sink extends AutoCloseable {

    /**
     * Writes as much as there is room for at once, waiting until that is at least one byte. A cancellation point; a
     * canceled call has written nothing.
     *
     * @param buffer what to write
     * @return the number of bytes, 1 or more; 0 only for an empty buffer
     * @throws IoException with a reason of {@link Operation#WRITE}; never raises {@code SIGPIPE}
     * @throws CanceledException if the calling task is to stop
     */
    int write(MemorySegment buffer) throws IoException;

    /**
     * As {@link #write(MemorySegment)}.
     *
     * @param buffer what to write, from its position on, which moves by what was written
     * @return the number of bytes, 1 or more; 0 only if nothing remains in the buffer
     * @throws IoException with a reason of {@link Operation#WRITE}
     */
    default int write(ByteBuffer buffer) throws IoException {
        int count = write(MemorySegment.ofBuffer(buffer));
        buffer.position(buffer.position() + count);
        return count;
    }

    /**
     * Writes all of it.
     *
     * @param buffer what to write
     * @throws IoException with a reason of {@link Operation#WRITE}; how much was written is then unknown
     * @throws CanceledException if the calling task is to stop; how much was written is then unknown
     */
    default void writeAll(MemorySegment buffer) throws IoException {
        long written = 0;
        while (written < buffer.byteSize()) {
            written += write(written == 0 ? buffer : buffer.asSlice(written));
        }
    }

    /**
     * As {@link #writeAll(MemorySegment)}.
     *
     * @param buffer what to write
     * @throws IoException with a reason of {@link Operation#WRITE}; how much was written is then unknown
     */
    default void writeAll(byte[] buffer) throws IoException {
        writeAll(MemorySegment.ofArray(buffer));
    }

    /**
     * As {@link #writeAll(MemorySegment)}.
     *
     * @param buffer a part of which to write
     * @param offset where that begins
     * @param length its length
     * @throws IoException with a reason of {@link Operation#WRITE}; how much was written is then unknown
     * @throws IndexOutOfBoundsException if that is no part of the buffer
     */
    default void writeAll(byte[] buffer, int offset, int length) throws IoException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        writeAll(MemorySegment.ofArray(buffer).asSlice(offset, length));
    }

    /**
     * As {@link #writeAll(MemorySegment)}.
     *
     * @param buffer what to write, from its position on, which moves to its limit
     * @throws IoException with a reason of {@link Operation#WRITE}; how much was written is then unknown
     */
    default void writeAll(ByteBuffer buffer) throws IoException {
        writeAll(MemorySegment.ofBuffer(buffer));
        buffer.position(buffer.limit());
    }

    /**
     * As {@link #write(MemorySegment)}, from several buffers, one after the other. Where the sink has no such
     * operation, only from the first that is not empty.
     *
     * @param buffers what to write; not more than the first 1024 of them are
     * @return the number of bytes in all, 1 or more; 0 only if all buffers are empty
     * @throws IoException with a reason of {@link Operation#WRITE}
     * @throws CanceledException if the calling task is to stop
     */
    default int write(List<MemorySegment> buffers) throws IoException {
        for (MemorySegment buffer : buffers) {
            if (buffer.byteSize() > 0) {
                return write(buffer);
            }
        }
        return 0;
    }

    /**
     * Writes all of several buffers, one after the other.
     *
     * @param buffers what to write, as many as one likes
     * @throws IoException with a reason of {@link Operation#WRITE}; how much was written is then unknown
     * @throws CanceledException if the calling task is to stop; how much was written is then unknown
     */
    default void writeAll(List<MemorySegment> buffers) throws IoException {
        List<MemorySegment> rest = new ArrayList<>(buffers);
        int first = 0;
        while (first < rest.size()) {
            long written = write(rest.subList(first, rest.size()));
            while (first < rest.size() && written >= rest.get(first).byteSize()) {
                written -= rest.get(first).byteSize();
                first++;
            }
            if (written > 0) {
                rest.set(first, rest.get(first).asSlice(written));
            }
        }
    }

    /**
     * Writes the same bytes again and again, as filling and as borders and tests need it, in as few operations as it
     * takes. Memory is taken for 64 KiB of it at most.
     *
     * @param pattern what to write
     * @param times how often, 0 or more
     * @throws IoException with a reason of {@link Operation#WRITE}; how much was written is then unknown
     * @throws CanceledException if the calling task is to stop; how much was written is then unknown
     * @throws IllegalArgumentException if {@code times} is negative
     */
    default void writeRepeated(MemorySegment pattern, long times) throws IoException {
        Repetition.write(this, pattern, times);
    }

    /**
     * Closes it. Calls that are under way fail with {@link Reason#CLOSED}. Closing again does nothing. Not a
     * cancellation point.
     *
     * @throws IoException with a reason of {@link Operation#CLOSE}; it is closed all the same
     */
    @Override
    void close() throws IoException;
}
