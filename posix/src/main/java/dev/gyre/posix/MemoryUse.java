package dev.gyre.posix;

import dev.gyre.io.spi.SharedArena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Memory that an operation uses, piece by piece, until this is closed. */
final class MemoryUse implements AutoCloseable {
    private @Nullable List<SharedArena.Use> uses;

    /** Refuses what is no memory any more, or another thread's, and keeps the rest. */
    void toRead(MemorySegment buffer) {
        keep(Buffers.useToRead(buffer));
    }

    /** Refuses memory that nobody may write to, as well. */
    void toWrite(MemorySegment buffer) {
        keep(Buffers.useToWrite(buffer));
    }

    /** Most memory needs nothing to be kept. */
    private void keep(SharedArena.Use use) {
        if (use == SharedArena.NO_USE) {
            return;
        }
        if (uses == null) {
            uses = new ArrayList<>();
        }
        uses.add(use);
    }

    @Override
    public void close() {
        if (uses != null) {
            uses.forEach(SharedArena.Use::close);
        }
    }
}
