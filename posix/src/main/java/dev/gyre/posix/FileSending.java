package dev.gyre.posix;

import dev.gyre.io.Connection;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.Timeout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Sends a part of a file on a connection, piece by piece through a buffer. */
public final class FileSending {
    private static final int PIECE = 256 * 1024;

    private FileSending() {}

    /**
     * Sends. A cancellation point.
     *
     * @param connection where to
     * @param file open for reading, with offsets
     * @param offset of the first byte, 0 or more
     * @param length the number of bytes wanted, 0 or more
     * @param stall how long the connection may take nothing at all
     * @return the number of bytes that went out
     * @throws IoException as {@link Connection#sendFile} says
     */
    public static long send(Connection connection, File file, long offset, long length, Timeout stall)
            throws IoException {
        FileCalls.requireRange(offset, length);
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
        }
    }
}
