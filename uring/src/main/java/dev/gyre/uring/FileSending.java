package dev.gyre.uring;

import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.Timeout;
import dev.gyre.posix.FileCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Sends a part of a file on a connection, piece by piece through a buffer. */
final class FileSending {
    private static final int PIECE = 256 * 1024;

    private FileSending() {}

    static long send(UringConnection connection, File file, long offset, long length, Timeout stall)
            throws IoException {
        FileCalls.requireOffset(offset);
        if (length < 0) {
            throw new IllegalArgumentException("length " + length + " is negative");
        }
        try (Arena arena = Arena.ofShared()) {
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
