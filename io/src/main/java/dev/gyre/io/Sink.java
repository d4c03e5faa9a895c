package dev.gyre.io;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Something that bytes are written to, in order: a connection, the writing end of a pipe, whatever is built on one.
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
     * Closes it. Calls that are under way fail with {@link Reason#CLOSED}. Closing again does nothing. Not a
     * cancellation point.
     *
     * @throws IoException with a reason of {@link Operation#CLOSE}; it is closed all the same
     */
    @Override
    void close() throws IoException;
}
