package dev.gyre.io;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A connected socket: TCP or Unix. A stream of bytes, but for Unix sockets that carry messages
 * ({@link SocketType#SEQPACKET}).
 *
 * <p>One task may read while another writes; two that read at once get whatever order the kernel gives. All methods
 * that transfer are cancellation points. Limits of time are {@link Tasks#within}'s; what is called {@code stall} here
 * limits something else: how long the peer may take nothing at all, while the whole may take as long as it takes.
 *
 * <p>What a write returns from is in the kernel. TCP's delay of small segments is off ({@code TCP_NODELAY}); but small
 * writes that follow each other without their task waiting for anything may leave together: when it does wait, or after
 * 200 ms if it computes instead, or waits in a way that keeps its thread.
 */
public non-sealed interface Connection extends Passable, Socket, Source, Sink {

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
     * Writes as {@link #write(MemorySegment)} does, and passes open things along with the first byte. A cancellation
     * point; a canceled call has written and passed nothing. They stay open here. A connection should be passed before
     * it is read: what has arrived may have been taken from the socket already. Who goes on using here what was passed
     * shares its position, its options, its peer, and whether it waits, with the receiver; a socket that is closed here
     * while an operation on it is under way ends there, too.
     *
     * @param buffer what to write, 1 byte or more
     * @param passed what to pass, of the same {@code Io}; up to 253
     * @return the number of bytes that were written, 1 or more; all was passed
     * @throws IoException with a reason of {@link Operation#WRITE}; {@link Reason#OPERATION_UNSUPPORTED} where this is
     *     no Unix socket, {@link Reason#PASSED_LIMIT} where more is on its way than the process may have open
     * @throws CanceledException if the calling task is to stop
     * @throws IllegalArgumentException if the buffer is empty, or the list too long, or something in it is of another
     *     {@code Io} or is the current folder
     */
    int writeWith(MemorySegment buffer, List<? extends Passable> passed) throws IoException;

    /**
     * Reads as {@link #read(MemorySegment)} does, and takes what was passed along. A cancellation point; a canceled
     * call has taken nothing. One that reads in another way closes what was passed. What arrives is closed on exec;
     * what is no {@link Connection}, {@link Listener}, {@link DatagramSocket} or {@link Directory} comes as a
     * {@link File}. A socket of datagrams keeps the {@link DatagramOptions} that it was made with, and its peer. In a
     * stream, bytes that were written with something passed are not read together with bytes that were written after
     * them; and where the socket has {@link SocketOption#PASS_CREDENTIALS}, no bytes of different writers are read
     * together. That option is to be set before this is called, not while it waits: what is passed might have no room
     * beside the credentials, and be closed.
     *
     * @param buffer writable, 1 byte or more
     * @param passedMax how much is taken at most, 0 to 253
     * @return what came
     * @throws IoException with a reason of {@link Operation#READ}; {@link Reason#OPERATION_UNSUPPORTED} where this is
     *     no Unix socket
     * @throws CanceledException if the calling task is to stop
     * @throws IllegalArgumentException if the buffer is empty or read-only, or the number out of range
     */
    Received readWith(MemorySegment buffer, int passedMax) throws IoException;

    /**
     * Who is at the other end.
     *
     * @return asked from the kernel
     * @throws IoException with {@link Reason#OPERATION_UNSUPPORTED} where this is no Unix socket, {@link Reason#CLOSED}
     *     after {@link #close()}
     */
    Credentials peerCredentials() throws IoException;

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
