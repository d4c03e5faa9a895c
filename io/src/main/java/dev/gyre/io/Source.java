package dev.gyre.io;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * Something that bytes are read from, in order, until its end: a connection, a file from its position on, the reading
 * end of a pipe, whatever is built on one. Where a reason of {@link Operation#READ} is named here, a {@link File} has
 * one of {@link Operation#READ_FILE}.
 *
 * <p><b>Buffers</b> are memory of any kind: native segments of every kind of arena, heap arrays, NIO buffers. Native
 * memory that nobody can free meanwhile (of {@link java.lang.foreign.Arena#global()},
 * {@link java.lang.foreign.Arena#ofAuto()} and of the caller's own confined arena) is filled without a copy where that
 * is possible; other memory by copying once. An arena that another thread closes during an operation is not written to:
 * the operation throws {@link IllegalStateException}, and what it had received is lost.
 */
public interface Source extends AutoCloseable {

    /**
     * Waits for bytes and takes what is there. A cancellation point; a canceled call has taken nothing.
     *
     * @param buffer writable; its whole length may be filled
     * @return the number of bytes, 1 or more; 0 only for an empty buffer; -1 at the end
     * @throws IoException with a reason of {@link Operation#READ}
     * @throws CanceledException if the calling task is to stop
     * @throws IllegalArgumentException if the buffer is read-only
     */
    int read(MemorySegment buffer) throws IoException;

    /**
     * As {@link #read(MemorySegment)}.
     *
     * @param buffer to fill
     * @return the number of bytes, 1 or more; 0 only for an empty buffer; -1 at the end
     * @throws IoException with a reason of {@link Operation#READ}
     */
    default int read(byte[] buffer) throws IoException {
        return read(MemorySegment.ofArray(buffer));
    }

    /**
     * As {@link #read(MemorySegment)}.
     *
     * @param buffer to fill a part of
     * @param offset where that begins
     * @param length its length
     * @return the number of bytes, 1 or more; 0 only for an empty part; -1 at the end
     * @throws IoException with a reason of {@link Operation#READ}
     * @throws IndexOutOfBoundsException if that is no part of the buffer
     */
    default int read(byte[] buffer, int offset, int length) throws IoException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        return read(MemorySegment.ofArray(buffer).asSlice(offset, length));
    }

    /**
     * As {@link #read(MemorySegment)}.
     *
     * @param buffer to fill from its position on, which moves by what was read
     * @return the number of bytes, 1 or more; 0 only if nothing remains in the buffer; -1 at the end
     * @throws IoException with a reason of {@link Operation#READ}
     * @throws IllegalArgumentException if the buffer is read-only
     */
    default int read(ByteBuffer buffer) throws IoException {
        int count = read(MemorySegment.ofBuffer(buffer));
        if (count > 0) {
            buffer.position(buffer.position() + count);
        }
        return count;
    }

    /**
     * As {@link #read(MemorySegment)}, into several buffers: the first is filled, then the next. Where the source has
     * no such operation, only the first that is not empty.
     *
     * @param buffers writable; not more than the first 1024 of them may be filled
     * @return the number of bytes in all, 1 or more; 0 only if all buffers are empty; -1 at the end
     * @throws IoException with a reason of {@link Operation#READ}
     * @throws CanceledException if the calling task is to stop
     * @throws IllegalArgumentException if a buffer is read-only
     */
    default int read(List<MemorySegment> buffers) throws IoException {
        for (MemorySegment buffer : buffers) {
            if (buffer.byteSize() > 0) {
                return read(buffer);
            }
        }
        return 0;
    }

    /**
     * Copies everything, up to the end, as {@link #transferTo(Sink, long)}.
     *
     * @param sink where to
     * @return the number of bytes
     * @throws IoException as said there
     */
    default long transferTo(Sink sink) throws IoException {
        return transferTo(sink, Long.MAX_VALUE);
    }

    /**
     * Copies bytes to a sink, by the way that is best for the two. A cancellation point. What a {@link BufferedSink}
     * holds goes first, and what is copied goes past its buffer.
     *
     * <p>From a file with offsets the kernel copies by itself, to another file (copy_file_range(2)) and to a connection
     * (sendfile(2)), and the file's position moves. Between two connections it moves what comes in large pieces
     * (splice(2)). Everything else is read and written, in pieces of 64 KiB at most.
     *
     * <p>When either side fails or the task is canceled, some bytes may have been read that were not written. A
     * {@link BufferedSource} loses none, and tells how far it came. What is before a file's position has gone where the
     * kernel copied; of what comes after it, at most 128 KiB have. Between connections, at most 1 MiB is lost.
     *
     * @param sink where to; neither is closed
     * @param max how many at most, 0 or more
     * @return the number of bytes: less than {@code max} only if this has ended
     * @throws IoException with what reading from here or writing there fails with
     * @throws CanceledException if the calling task is to stop
     * @throws IllegalArgumentException if the limit is negative, or a file is to be copied to itself. By two openings
     *     it may be, as far as the parts do not overlap; what the copy adds to the file is not copied
     */
    default long transferTo(Sink sink, long max) throws IoException {
        return transferTo(sink, max, _ -> {});
    }

    /**
     * As {@link #transferTo(Sink, long)}, and tells how it goes on, for those who show that or watch over it.
     *
     * @param sink where to; neither is closed
     * @param max how many at most, 0 or more
     * @param moved is told how many bytes each piece had that has been written, on the calling thread; what it throws
     *     ends the transfer
     * @return the number of bytes: less than {@code max} only if this has ended
     * @throws IoException with what reading from here or writing there fails with
     * @throws CanceledException if the calling task is to stop
     * @throws IllegalArgumentException if the limit is negative, or a file is to be copied to itself
     */
    default long transferTo(Sink sink, long max, LongConsumer moved) throws IoException {
        return Copying.copy(this, sink, max, moved);
    }

    /**
     * The next bytes of this source as one of its own, which ends when they have been read, or this one has.
     *
     * @param max how many, 0 or more
     * @return reads from here; to close it does not close this one. Once copying from it has failed, it has ended
     * @throws IllegalArgumentException if the number is negative
     */
    default Source limit(long max) {
        return new LimitedSource(this, max);
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
