package dev.gyre.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/** From any source to any sink. */
final class Copying {
    /** So much at once: fewer bytes cost more per byte, more are no faster. */
    private static final int PIECE = 64 * 1024;

    private Copying() {}

    /** By reading and writing. */
    static long copy(Source source, Sink sink, long max, LongConsumer moved) throws IoException {
        BufferedSource.requireNotNegative(max);
        if (sink instanceof BufferedSink) {
            return source.transferTo(past(sink), max, moved);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.clamp(max, 1, PIECE), Long.BYTES);
            long copied = 0;
            while (copied < max) {
                long wanted = Math.min(max - copied, buffer.byteSize());
                int count = source.read(wanted == buffer.byteSize() ? buffer : buffer.asSlice(0, wanted));
                if (count < 0) {
                    break;
                }
                sink.writeAll(buffer.asSlice(0, count));
                copied += count;
                moved.accept(count);
            }
            return copied;
        }
    }

    /** Empties the buffer of a sink that has one. Answers the sink below. */
    static Sink past(Sink sink) throws IoException {
        Sink target = sink;
        while (target instanceof BufferedSink buffered) {
            buffered.flush();
            target = buffered.below();
        }
        return target;
    }

    /** Whether a file knows a better way into that sink than reading and writing. What has no offsets does not. */
    static boolean isByKernel(Source source, Sink sink) throws IoException {
        if (!(source instanceof File file && (sink instanceof Connection || sink instanceof File))) {
            return false;
        }
        try {
            return file.position() >= 0;
        } catch (IoException noPosition) {
            if (noPosition.reason() == Reason.NOT_SEEKABLE) {
                return false;
            }
            throw noPosition;
        }
    }
}
