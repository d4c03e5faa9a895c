package dev.gyre.io;

import java.lang.foreign.MemorySegment;

/**
 * A connected stream socket: TCP or Unix.
 *
 * <p>One task may read while another writes; two that read at once get whatever order the kernel gives. Buffers are
 * native segments (allocated from an {@link java.lang.foreign.Arena}); an operation owns its buffer from the call to
 * its return, and the memory must stay allocated for that long. All methods that transfer are cancellation points,
 * and a canceled one has transferred nothing.
 */
public interface Connection extends AutoCloseable {

    /**
     * Waits for data and takes what is there.
     *
     * @param buffer native, writable; its whole length may be filled
     * @return the number of bytes, 1 or more; 0 only for an empty buffer; -1 at the end of the stream
     * @throws IoException with a reason of {@link Operation#READ}
     * @throws CanceledException if the calling task was canceled
     */
    default int read(MemorySegment buffer) throws IoException {
        return read(buffer, Timeout.NONE);
    }

    /**
     * Waits for data, for a limited time, and takes what is there.
     *
     * @param buffer native, writable
     * @param timeout how long to wait
     * @return the number of bytes, 1 or more; 0 only for an empty buffer; -1 at the end of the stream
     * @throws IoException with a reason of {@link Operation#READ}; {@link Reason#TIMED_OUT} leaves the connection
     *     as it was
     * @throws CanceledException if the calling task was canceled
     */
    int read(MemorySegment buffer, Timeout timeout) throws IoException;

    /**
     * Writes as much as the socket takes at once, waiting until that is at least one byte.
     *
     * @param buffer native
     * @return the number of bytes, 1 or more; 0 only for an empty buffer
     * @throws IoException with a reason of {@link Operation#WRITE}; never raises {@code SIGPIPE}
     * @throws CanceledException if the calling task was canceled
     */
    default int write(MemorySegment buffer) throws IoException {
        return write(buffer, Timeout.NONE);
    }

    /**
     * Writes as much as the socket takes at once, waiting for a limited time until that is at least one byte.
     *
     * @param buffer native
     * @param timeout how long to wait
     * @return the number of bytes, 1 or more; 0 only for an empty buffer
     * @throws IoException with a reason of {@link Operation#WRITE}
     * @throws CanceledException if the calling task was canceled
     */
    int write(MemorySegment buffer, Timeout timeout) throws IoException;

    /**
     * Writes all of it.
     *
     * @param buffer native
     * @throws IoException with a reason of {@link Operation#WRITE}; how much went out is then unknown
     * @throws CanceledException if the calling task was canceled; how much went out is then unknown
     */
    default void writeAll(MemorySegment buffer) throws IoException {
        writeAll(buffer, Timeout.NONE);
    }

    /**
     * Writes all of it, as long as each step makes progress in time.
     *
     * @param buffer native
     * @param stall how long the connection may take nothing at all; a {@link Timeout.At} limits the whole
     * @throws IoException with a reason of {@link Operation#WRITE}; how much went out is then unknown
     * @throws CanceledException if the calling task was canceled; how much went out is then unknown
     */
    default void writeAll(MemorySegment buffer, Timeout stall) throws IoException {
        long written = 0;
        while (written < buffer.byteSize()) {
            written += write(written == 0 ? buffer : buffer.asSlice(written), stall);
        }
    }

    /**
     * Sends a part of a file, without bringing it into the program.
     *
     * @param file open for reading, with offsets
     * @param offset of the first byte, 0 or more
     * @param length the number of bytes wanted, 0 or more
     * @param stall how long the connection may take nothing at all
     * @return the number of bytes that went out: less than {@code length} only where the file ends earlier
     * @throws IoException with a reason of {@link Operation#SEND_FILE}; how much went out is then unknown
     * @throws CanceledException if the calling task was canceled; how much went out is then unknown
     */
    long sendFile(File file, long offset, long length, Timeout stall) throws IoException;

    /**
     * Ends a direction, while the connection stays open.
     *
     * @param direction which one
     * @throws IoException with a reason of {@link Operation#SHUTDOWN}
     */
    void shutdown(Direction direction) throws IoException;

    /**
     * This end's address.
     *
     * @return asked from the kernel at the first call
     * @throws IoException with {@link Reason#CLOSED} after {@link #close()}
     */
    Address localAddress() throws IoException;

    /**
     * The peer's address.
     *
     * @return asked from the kernel at the first call
     * @throws IoException with {@link Reason#NOT_CONNECTED} where the peer has vanished, {@link Reason#CLOSED} after
     *     {@link #close()}
     */
    Address remoteAddress() throws IoException;

    /**
     * Closes both directions. Operations that are under way fail with {@link Reason#CLOSED}, and the descriptor is
     * given back when the last of them has ended. Closing again does nothing. Not a cancellation point.
     */
    @Override
    void close();
}
