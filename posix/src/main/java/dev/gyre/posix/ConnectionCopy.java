package dev.gyre.posix;

import dev.gyre.io.IoException;
import dev.gyre.io.Sink;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * From one connection to another; and from one that carries messages to anything, with room for the longest.
 *
 * <p>Small pieces are read and written, by a buffer that begins small, so that a connection that is mostly idle costs
 * little, and grows with what comes. Where much has come at once, more is likely to be there; that goes through a pipe
 * inside the kernel, without being copied, until little comes again. What is in the pipe when the target fails or the
 * task is canceled is lost, as what is in a buffer is.
 */
final class ConnectionCopy {
    private static final int BUFFER_SIZE_FIRST = 4 * 1024;
    private static final int BUFFER_SIZE_MAX = 64 * 1024;

    /** So much at once is worth a pipe. */
    private static final int BULK = 32 * 1024;

    /** Less costs no less by a pipe than by a buffer; so many such pieces in a row, and the buffer is back. */
    private static final int SMALL = 16 * 1024;

    private static final int SMALL_PIECES = 4;

    /** So much at once where the pipe has room for it. */
    private static final int PIECE = 1024 * 1024;

    private final PosixConnection source;
    private final Sink target;
    private final long max;
    private final LongConsumer moved;

    /** The target, where a pipe leads there: it would not leave messages whole, and would make too long ones. */
    private final @Nullable PosixConnection piped;

    private Arena arena = Arena.ofConfined();
    private MemorySegment buffer;

    private @Nullable PipeEnds pipe;
    private final int[] pipeEnds = Unowned.room(2);
    private boolean isBulk;
    private boolean pipeRefused;
    private int smallPieces;

    ConnectionCopy(PosixConnection source, Sink target, long max, LongConsumer moved) {
        if (max < 0) {
            throw new IllegalArgumentException("count " + max + " is negative");
        }
        this.source = source;
        this.target = target;
        this.max = max;
        this.moved = moved;
        this.piped = target instanceof PosixConnection connection && connection.io() == source.io()
                        && !source.carriesMessages() && !connection.carriesMessages()
                ? connection
                : null;
        int size = source.carriesMessages() ? PosixConnection.MESSAGE_MAX : BUFFER_SIZE_FIRST;
        this.buffer = arena.allocate(Math.clamp(max, 1, size), Long.BYTES);
    }

    /** Copies up to the end. Answers how many bytes these were. To be called once. */
    long run() throws IoException {
        long copied = 0;
        try {
            while (copied < max) {
                PipeEnds through = isBulk ? pipe() : null;
                long count = through == null || piped == null
                        ? copy(max - copied)
                        : splice(through, piped, max - copied);
                if (count < 0) {
                    break;
                }
                if (count > 0) {
                    copied += count;
                    moved.accept(count);
                }
            }
            return copied;
        } finally {
            arena.close();
            Unowned.close(source.io().kernel(), pipeEnds);
        }
    }

    /** By the buffer. Answers the number of bytes, -1 at the end. */
    private long copy(long most) throws IoException {
        long wanted = Math.min(most, buffer.byteSize());
        int count = source.read(wanted == buffer.byteSize() ? buffer : buffer.asSlice(0, wanted));
        if (count < 0) {
            return -1;
        }
        target.writeAll(buffer.asSlice(0, count));
        isBulk = count >= BULK && piped != null;
        if (count == buffer.byteSize() && count < BUFFER_SIZE_MAX) {
            Arena full = arena;
            arena = Arena.ofConfined();
            full.close();
            buffer = arena.allocate(4L * count, Long.BYTES);
        }
        return count;
    }

    /** By the pipe. Answers the number of bytes, -1 at the end, 0 if the buffer has to be used first. */
    private long splice(PipeEnds through, PosixConnection sink, long most) throws IoException {
        long count = source.spliceTo(through.writer(), Math.min(most, PIECE));
        if (count <= 0) {
            isBulk = false;
            return count;
        }
        sink.spliceAllFrom(through.reader(), count);
        smallPieces = count < SMALL ? smallPieces + 1 : 0;
        if (smallPieces == SMALL_PIECES) {
            smallPieces = 0;
            isBulk = false;
        }
        return count;
    }

    /** Made when it is first of use; null where none is to be had, as when the process has no descriptors left. */
    private @Nullable PipeEnds pipe() {
        if (pipe == null && !pipeRefused) {
            pipe = source.io().kernel().splicePipe().value();
            pipeRefused = pipe == null;
            if (pipe != null) {
                pipeEnds[0] = pipe.reader();
                pipeEnds[1] = pipe.writer();
            }
        }
        return pipe;
    }
}
