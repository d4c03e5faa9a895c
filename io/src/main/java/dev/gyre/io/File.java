package dev.gyre.io;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * An open file.
 *
 * <p>Any task may use it, several at once too. Buffers are memory of any kind, as for a {@link Source} and a
 * {@link Sink}. All methods that transfer are cancellation points.
 */
public interface File extends AutoCloseable {

    /**
     * Reads at an offset, without moving the file's own position.
     *
     * @param buffer writable; with {@link OpenOptions.Flag#DIRECT}, native and aligned
     * @param offset of the first byte, 0 or more
     * @return the number of bytes, which may be less than asked for; 0 only for an empty buffer; -1 at the end of the
     *     file
     * @throws IoException with a reason of {@link Operation#READ_FILE}; {@link Reason#NOT_SEEKABLE} for a pipe or a
     *     terminal, {@link Reason#IS_A_DIRECTORY} for a folder
     * @throws CanceledException if the calling task was canceled
     */
    int read(MemorySegment buffer, long offset) throws IoException;

    /**
     * As {@link #read(MemorySegment, long)}.
     *
     * @param buffer to fill
     * @param offset of the first byte in the file, 0 or more
     * @return the number of bytes, which may be less than asked for; 0 only for an empty buffer; -1 at the end of the
     *     file
     * @throws IoException with a reason of {@link Operation#READ_FILE}
     */
    default int read(byte[] buffer, long offset) throws IoException {
        return read(MemorySegment.ofArray(buffer), offset);
    }

    /**
     * As {@link #read(MemorySegment, long)}.
     *
     * @param buffer to fill from its position on, which moves by what was read
     * @param offset of the first byte in the file, 0 or more
     * @return the number of bytes, which may be less than asked for; 0 only if nothing remains in the buffer; -1 at the
     *     end of the file
     * @throws IoException with a reason of {@link Operation#READ_FILE}
     */
    default int read(ByteBuffer buffer, long offset) throws IoException {
        int count = read(MemorySegment.ofBuffer(buffer), offset);
        if (count > 0) {
            buffer.position(buffer.position() + count);
        }
        return count;
    }

    /**
     * Writes at an offset, without moving the file's own position.
     *
     * @param buffer what to write; with {@link OpenOptions.Flag#DIRECT}, native and aligned
     * @param offset of the first byte, 0 or more
     * @return the number of bytes, which may be less than asked for
     * @throws IoException with a reason of {@link Operation#WRITE_FILE}; {@link Reason#FILE_TOO_BIG} where the file
     *     system, or {@code long}, has no such offset
     * @throws CanceledException if the calling task was canceled
     */
    int write(MemorySegment buffer, long offset) throws IoException;

    /**
     * As {@link #write(MemorySegment, long)}.
     *
     * @param buffer what to write
     * @param offset of the first byte in the file, 0 or more
     * @return the number of bytes, which may be less than asked for
     * @throws IoException with a reason of {@link Operation#WRITE_FILE}
     */
    default int write(byte[] buffer, long offset) throws IoException {
        return write(MemorySegment.ofArray(buffer), offset);
    }

    /**
     * As {@link #write(MemorySegment, long)}.
     *
     * @param buffer what to write, from its position on, which moves by what was written
     * @param offset of the first byte in the file, 0 or more
     * @return the number of bytes, which may be less than asked for
     * @throws IoException with a reason of {@link Operation#WRITE_FILE}
     */
    default int write(ByteBuffer buffer, long offset) throws IoException {
        int count = write(MemorySegment.ofBuffer(buffer), offset);
        buffer.position(buffer.position() + count);
        return count;
    }

    /**
     * Brings content and attributes to the device (fsync(2)).
     *
     * @throws IoException with a reason of {@link Operation#SYNC}; what was written is then in an unknown state, and
     *     a second call may succeed without having written it
     * @throws CanceledException if the calling task was canceled
     */
    void sync() throws IoException;

    /**
     * What the file system knows of it.
     *
     * @return the present state
     * @throws IoException with a reason of {@link Operation#STAT}
     * @throws CanceledException if the calling task was canceled
     */
    FileStat stat() throws IoException;

    /**
     * Closes it. Operations that are under way in other tasks end first, or fail with {@link Reason#CLOSED}. Closing
     * again does nothing. Not a cancellation point.
     *
     * @throws IoException with a reason of {@link Operation#CLOSE}; the file is closed all the same
     */
    @Override
    void close() throws IoException;
}
