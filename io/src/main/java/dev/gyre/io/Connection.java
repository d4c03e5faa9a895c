package dev.gyre.io;

import java.lang.foreign.MemorySegment;

/**
 * A connected stream socket: TCP or Unix.
 *
 * <p>One task may read while another writes; two that read at once get whatever order the kernel gives. All methods
 * that transfer are cancellation points. Limits of time are {@link Tasks#within}'s; what is called {@code stall} here
 * limits something else: how long the peer may take nothing at all, while the whole may take as long as it takes.
 *
 * <p>What a write returns from is in the kernel. TCP's delay of small segments is off ({@code TCP_NODELAY}); but small
 * writes that follow each other without their task waiting for anything may leave together: when it does wait, or after
 * 200 ms if it computes instead, or waits in a way that keeps its thread.
 */
public interface Connection extends Socket, Source, Sink {

    /**
     * Writes all of it, as long as each step makes progress in time.
     *
     * @param buffer what to write
     * @param stall how long the connection may take nothing at all; a {@link Timeout.At} limits the whole
     * @throws IoException with a reason of {@link Operation#WRITE}, {@link Reason#TIMED_OUT} after a stall; how much
     *     went out is then unknown
     * @throws CanceledException if the calling task is to stop; how much went out is then unknown
     */
    void writeAll(MemorySegment buffer, Timeout stall) throws IoException;

    /**
     * Sends a part of a file, without bringing it into the program.
     *
     * @param file open for reading, with offsets
     * @param offset of the first byte, 0 or more
     * @param length the number of bytes wanted, 0 or more
     * @param stall how long the connection may take nothing at all
     * @return the number of bytes that went out: less than {@code length} only where the file ends earlier
     * @throws IoException with a reason of {@link Operation#SEND_FILE}; how much went out is then unknown
     * @throws CanceledException if the calling task is to stop; how much went out is then unknown
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
    @Override
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
     * Closes it so that the peer's reads and writes fail with {@link Reason#CONNECTION_RESET}: for a stream that has no
     * regular end, which the peer would take the end of the stream for. What was written and has not gone out is
     * dropped. A Unix socket has no such thing, and is closed. Otherwise as {@link #close()} (RFC 9293, 3.10.5).
     */
    void abort();

    /**
     * Closes both directions. Operations that are under way fail with {@link Reason#CLOSED}, and the descriptor is
     * given back when the last of them has ended. Closing again does nothing. Not a cancellation point.
     */
    @Override
    void close();
}
