package dev.gyre.ring;

import dev.gyre.linux.Files;
import dev.gyre.ring.file.Read;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An eventfd that other threads write and the ring reads. */
final class Wakeup {
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment written = arena.allocate(Long.BYTES, Long.BYTES);
    private final Read listening;
    private final SharedDescriptor descriptor;

    Wakeup(int fd) {
        descriptor = new SharedDescriptor(fd);
        written.set(ValueLayout.JAVA_LONG, 0, 1);
        MemorySegment counter = arena.allocate(Long.BYTES, Long.BYTES);
        listening = new Read(fd, counter, -1, operation -> {});
    }

    /** What ends when the eventfd was written. */
    Read listening() {
        return listening;
    }

    /** From any thread. */
    void ring() {
        if (descriptor.acquire()) {
            Files.write(descriptor.number(), written, Long.BYTES);
            descriptor.release();
        }
    }

    void close() {
        descriptor.release();
    }
}
