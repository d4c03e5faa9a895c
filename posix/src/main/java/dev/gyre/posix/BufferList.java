package dev.gyre.posix;

import dev.gyre.io.spi.SharedArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Several buffers, one after the other, as an operation takes them. */
final class BufferList implements AutoCloseable {
    /** So many does the kernel take at once (UIO_MAXIOV). */
    private static final int PARTS_MAX = 1024;

    private final List<MemorySegment> parts;
    private boolean empty;

    /** How many parts have been transferred. */
    private int first;

    private final List<SharedArena.Use> uses = new ArrayList<>();

    private BufferList(List<MemorySegment> parts, boolean empty) {
        this.parts = parts;
        this.empty = empty;
    }

    /** All that the kernel takes at once. */
    static BufferList of(List<MemorySegment> buffers) {
        return of(buffers, 0);
    }

    /** The same, as far as it lies before the last offset that there is. */
    static BufferList of(List<MemorySegment> buffers, long offset) {
        List<MemorySegment> parts = new ArrayList<>();
        boolean empty = true;
        long next = offset;
        for (MemorySegment buffer : buffers) {
            MemorySegment part = Buffers.beforeLastOffset(buffer, next);
            empty &= buffer.byteSize() == 0;
            if (part.byteSize() > 0 && parts.size() < PARTS_MAX) {
                parts.add(part);
                next += part.byteSize();
            }
        }
        return new BufferList(parts, empty);
    }

    /** All buffers, to be taken in as many operations as it needs. */
    static BufferList ofAll(List<MemorySegment> buffers) {
        List<MemorySegment> parts = new ArrayList<>(buffers.size());
        for (MemorySegment buffer : buffers) {
            if (buffer.byteSize() > 0) {
                parts.add(buffer);
            }
        }
        return new BufferList(parts, parts.isEmpty());
    }

    /** Goes past what has been transferred. */
    void skip(long bytes) {
        long rest = bytes;
        while (first < parts.size() && rest >= parts.get(first).byteSize()) {
            rest -= parts.get(first).byteSize();
            first++;
        }
        if (rest > 0) {
            parts.set(first, parts.get(first).asSlice(rest));
        }
        empty = first == parts.size();
    }

    /** Those that come next and are not empty, at most 1024. */
    List<MemorySegment> parts() {
        return first == 0 && parts.size() <= PARTS_MAX
                ? parts
                : parts.subList(first, Math.min(parts.size(), first + PARTS_MAX));
    }

    /** All of them as so many as the kernel takes at once: they are copied into one buffer, where they are more. */
    List<MemorySegment> atOnce(Arena arena) {
        if (parts.size() > PARTS_MAX) {
            MemorySegment whole = arena.allocate(byteSize());
            long copied = 0;
            for (MemorySegment part : parts) {
                MemorySegment.copy(part, 0, whole, copied, part.byteSize());
                copied += part.byteSize();
            }
            parts.clear();
            parts.add(whole);
        }
        return parts;
    }

    /** How much there is in all buffers. */
    long byteSize() {
        return parts.stream().mapToLong(MemorySegment::byteSize).sum();
    }

    /** Whether there is nothing to transfer. */
    boolean areEmpty() {
        return empty;
    }

    /** Keeps them in use, from now on until {@link #close()}, to read what is in them. */
    void useToRead() {
        for (MemorySegment part : parts) {
            uses.add(Buffers.useToRead(part));
        }
    }

    /** The same for writing into them. */
    void useToWrite() {
        for (MemorySegment part : parts) {
            uses.add(Buffers.useToWrite(part));
        }
    }

    /** As {@link Buffers#faulted}. */
    int faulted(InternalError fault) {
        MemorySegment mapped = parts.stream().filter(MemorySegment::isMapped).findFirst().orElse(parts.getFirst());
        return Buffers.faulted(mapped, fault);
    }

    @Override
    public void close() {
        for (SharedArena.Use use : uses) {
            use.close();
        }
    }
}
