package dev.gyre.ring;

import dev.gyre.linux.Files;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An eventfd that other threads write and the ring reads. */
final class Wakeup {
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment written = arena.allocate(Long.BYTES, Long.BYTES);
    private final Read listening;
    private final int fd;
    private boolean closed;

    Wakeup(int fd) {
        this.fd = fd;
        written.set(ValueLayout.JAVA_LONG, 0, 1);
        MemorySegment counter = arena.allocate(Long.BYTES, Long.BYTES);
        listening = new Read(fd, counter, -1, operation -> {});
    }

    /** What ends when the eventfd was written. */
    Read listening() {
        return listening;
    }

    synchronized void ring() {
        if (!closed) {
            Files.write(fd, written, Long.BYTES);
        }
    }

    synchronized void close() {
        closed = true;
        Files.close(fd);
    }
}
