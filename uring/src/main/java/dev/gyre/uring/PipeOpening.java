package dev.gyre.uring;

import dev.gyre.host.FileCalls;
import dev.gyre.io.FileKind;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.ring.Operation;
import dev.gyre.ring.file.OpenAt2;
import dev.gyre.ring.wait.Poll;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/** A fiber's opening of a named pipe for reading, which waits for a writer. */
final class PipeOpening {
    /** How long one open of a named pipe waits for a writer before it is asked again whether one came and went. */
    private static final long WRITER_NANOS_FIRST = 1_000_000;

    private static final long WRITER_NANOS_MAX = 1_000_000_000;

    private final UringKernel kernel;
    private final Fiber fiber;
    private final Object target;

    PipeOpening(UringKernel kernel, Fiber fiber, Object target) {
        this.kernel = kernel;
        this.fiber = fiber;
        this.target = target;
    }

    /**
     * Waits until a pipe that was opened for reading has had a writer. It stays open meanwhile: its writers have seen a
     * reader, and would be told that it is gone.
     *
     * <p>A second open, by a worker of the kernel's, waits for a writer, but does not see one that came and went before
     * it. That one has left its bytes or the end of the stream, for which a poll is the right question. So they are
     * asked in turn.
     */
    int awaitWriter(int fd, int start, MemorySegment path, MemorySegment how) {
        if (FileCalls.kind(fd) != FileKind.PIPE) {
            return fd;
        }
        int result = -Errno.ECANCELED.code();
        try {
            result = awaitWriter(call -> new Poll(fd, Events.POLLIN, call),
                    call -> OpenAt2.waiting(start, path, how, call));
        } finally {
            if (result < 0) {
                Files.close(fd);
            }
        }
        return result < 0 ? result : fd;
    }

    private int awaitWriter(Function<Call, Operation> poll, Function<Call, Operation> open) {
        for (long pause = WRITER_NANOS_FIRST; ; pause = Math.min(2 * pause, WRITER_NANOS_MAX)) {
            int ready = kernel.run(fiber, target, System.nanoTime(), poll);
            if (ready != -Errno.ETIME.code()) {
                return ready;
            }
            int second = kernel.run(fiber, target, System.nanoTime() + pause, open);
            if (second >= 0) {
                Files.close(second);
                return second;
            }
            if (second == -Errno.ECANCELED.code()) {
                return second;
            }
            if (second != -Errno.ETIME.code()) {
                // The path leads there no more, or there is no descriptor; then only the poll can tell.
                return kernel.run(fiber, target, poll);
            }
        }
    }
}
