package dev.gyre.uring;

import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.posix.FileCalls;
import dev.gyre.posix.FileSending;
import dev.gyre.posix.PosixClock;
import dev.gyre.posix.PosixFile;
import dev.gyre.ring.Poll;

/**
 * Sends a part of a file on a connection, without a copy where that is possible.
 *
 * <p>What is in the page cache goes by sendfile(2): the socket takes the cache's own pages, and nothing is copied. The
 * ring has no such operation (its splice always goes to a worker thread), so the call is made directly, with the socket
 * set to non-blocking around it. What is not in the cache would make the call wait for the disk, and the loop with it;
 * that is read through the ring into a buffer and written from there, and the kernel's reading ahead sees to it that
 * the next piece is there in time.
 */
final class CachedSending {
    private static final int PIECE = 1024 * 1024;
    private static final int COLD_PIECE = 128 * 1024;

    private CachedSending() {}

    static long send(
            UringConnection connection, PosixFile file, int in, Fiber fiber, long offset, long length, Timeout stall)
            throws IoException {
        long sent = 0;
        while (sent < length) {
            fiber.checkCancel();
            int piece = (int) Math.min(length - sent, PIECE);
            long count = FileCalls.isCached(in, offset + sent, piece)
                    ? sendCached(connection, in, fiber, offset + sent, piece, stall)
                    : -Errno.EINVAL.code();
            if (FileSending.isNeeded(count)) {
                count = FileSending.send(connection, file, offset + sent, Math.min(piece, COLD_PIECE), stall);
            }
            if (count == 0) {
                break;
            }
            sent += count;
        }
        return sent;
    }

    /** Answers a negative number only where {@link FileSending#isNeeded}. */
    private static long sendCached(
            UringConnection connection, int in, Fiber fiber, long offset, int length, Timeout stall)
            throws IoException {
        int socket = connection.descriptor().number();
        while (true) {
            long result = sendNow(socket, in, offset, length);
            if (result >= 0 || FileSending.isNeeded(result)) {
                return result;
            }
            if (connection.descriptor().closing()) {
                throw Operation.SEND_FILE.failure(Reason.CLOSED, connection);
            }
            if (result == -Errno.EAGAIN.code()) {
                awaitRoom(connection, fiber, socket, stall);
            } else if (!Operation.SEND_FILE.retries((int) -result)) {
                throw Operation.SEND_FILE.failure((int) -result, connection);
            }
        }
    }

    /**
     * An operation that another loop submits for the same socket in these microseconds may answer {@code EAGAIN}, and
     * is submitted again by {@link UringConnection}.
     */
    private static long sendNow(int socket, int file, long offset, int length) {
        Files.fcntl(socket, Files.F_SETFL, Files.O_RDWR | Files.O_NONBLOCK);
        try {
            return FileCalls.sendFile(socket, file, offset, length);
        } finally {
            Files.fcntl(socket, Files.F_SETFL, Files.O_RDWR);
        }
    }

    private static void awaitRoom(UringConnection connection, Fiber fiber, int socket, Timeout stall)
            throws IoException {
        Call call = new Call();
        int result = call.run(connection.io().loopFor(fiber), fiber, new Poll(socket, Events.POLLOUT, call),
                PosixClock.deadline(stall));
        if (result == -Errno.ECANCELED.code() && call.timedOut()) {
            throw Operation.SEND_FILE.failure(Reason.TIMED_OUT, connection);
        }
        fiber.checkCancel();
        if (result < 0 && result != -Errno.ECANCELED.code()) {
            throw Operation.SEND_FILE.failure(-result, connection);
        }
    }
}
