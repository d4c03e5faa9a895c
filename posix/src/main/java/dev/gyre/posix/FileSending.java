package dev.gyre.posix;

import dev.gyre.io.Connection;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Timeout;
import dev.gyre.linux.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Sends a part of a file on a connection, piece by piece through a buffer: for files that sendfile(2) refuses. */
public final class FileSending {
    private static final int PIECE = 256 * 1024;

    private FileSending() {}

    /**
     * Sends. A cancellation point.
     *
     * @param connection where to
     * @param file open for reading, with offsets
     * @param offset of the first byte, 0 or more
     * @param wanted the number of bytes, 0 or more
     * @param stall how long the connection may take nothing at all
     * @return the number of bytes that went out
     * @throws IoException as {@link Connection#sendFile} says
     */
    public static long send(Connection connection, File file, long offset, long wanted, Timeout stall)
            throws IoException {
        long length = FileCalls.requireRange(offset, wanted);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.clamp(length, 1, PIECE), Long.BYTES);
            long sent = 0;
            while (sent < length) {
                MemorySegment piece = buffer.asSlice(0, Math.min(buffer.byteSize(), length - sent));
                int count = file.read(piece, offset + sent);
                if (count < 0) {
                    break;
                }
                connection.writeAll(piece.asSlice(0, count), stall);
                sent += count;
            }
            return sent;
        } catch (IoException failed) {
            throw sendFailure(failed, connection);
        }
    }

    /**
     * Whether sendfile(2) refuses this file, or this offset, which does not say that it cannot be read.
     *
     * @param result what sendfile answered
     * @return true if the part has to be sent through a buffer
     */
    public static boolean isNeeded(long result) {
        return result == -Errno.EINVAL.code() || result == -Errno.EOVERFLOW.code();
    }

    /** What failed is the sending: the caller neither read nor wrote. */
    private static IoException sendFailure(IoException failed, Connection connection) {
        IoException failure = failed.errorNumber() == 0
                ? Operation.SEND_FILE.failure(failed.reason(), connection)
                : Operation.SEND_FILE.failure(failed.errorNumber(), connection);
        failure.initCause(failed);
        return failure;
    }
}
